// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the shell's
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Docker } from "../../src/index.ts";
import { startEngine } from "../../src/testing/index.ts";
import { busybox } from "../../src/testing/programs/busybox.ts";
import { leakCheck } from "../support/leaks.ts";
import { heldBytes } from "../support/memory.ts";

/** What a script prints, on stdout and then on stderr, and its exit status where it is not 0. */
const scripts: readonly (readonly [title: string, script: string, output: string])[] = [
  ["quotes", `a='x  y'; echo $a "$a" '$a' \\$a "\\$a"`, "x y x  y $a $a $a\n"],
  ["joins what has no space between", `a=1; echo a"$a"'b'\\c`, "a1bc\n"],
  [
    "knows where a parameter has no value",
    "echo ${x:-a} ${x-b} ${x:+c}.; x=; echo ${x:-d} ${x-e}. ${#x}",
    "a b .\nd . 0\n",
  ],
  ["assigns and complains in expansions", "echo ${x:=1} $x; echo ${y:?gone}", "1 1\nsh: y: gone\n[2]"],
  [
    "cuts patterns from both ends",
    "f=/a/b.tar.gz; echo ${f##*/} ${f#*/} ${f%.*} ${f%%.*}",
    "b.tar.gz a/b.tar.gz /a/b.tar /a/b\n",
  ],
  [
    "passes its arguments on",
    `set -- a "b c"; for x in "$@"; do echo "<$x>"; done; echo $# "$*"; shift; echo $1`,
    "<a>\n<b c>\n2 a b c\nb c\n",
  ],
  ["gives no field for no argument", `for x in "$@"; do echo no; done; set -- ""; echo $#`, "1\n"],
  ["splits what is substituted", `n=$(printf '1 2\\n3\\n\\n'); echo $n; echo "$n"`, "1 2 3\n1 2\n3\n"],
  [
    "calculates",
    "i=5; echo $((i * 2 + 1)) $((7 / 2 % 2)) $(( (i += 2) > 6 ? 1 : 0 )) $i $((1 << 4 | 1))",
    "11 1 1 7 17\n",
  ],
  ["finds paths", "cd /tmp; touch b a c.txt; echo * *.txt no* '*'", "a b c.txt c.txt no* *\n"],
  ["runs lists", "true && echo 1; false || echo 2; false && echo 3 || echo 4; ! false && echo 5", "1\n2\n4\n5\n"],
  [
    "chooses",
    "if false; then echo 1; elif [ a = a ]; then echo 2; else echo 3; fi; case ab in b*|a?) echo 4;; *) echo 5; esac",
    "2\n4\n",
  ],
  [
    "loops",
    "for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done; until [ $((i -= 1)) -lt 2 ]; do :; done; echo $i",
    "1\n3\n1\n",
  ],
  ["leaves several loops", "for a in 1 2; do for b in 1 2; do echo $a$b; break 2; done; done; echo end", "11\nend\n"],
  ["has functions", "f() { echo $1; return 3; echo no; }; f x; echo $?; f y | cat", "x\n3\ny\n"],
  ["has subshells and groups", "a=1; (a=2; echo $a; exit 4); echo $? $a; { a=3; }; echo $a", "2\n4 1\n3\n"],
  [
    "redirects",
    "echo 1 > /tmp/a; echo 2 >> /tmp/a; cat < /tmp/a; { echo e >&2; echo o; } > /tmp/b 2>&1; cat /tmp/b; echo x > /dev/null",
    "1\n2\ne\no\n",
  ],
  [
    "reads here-documents",
    `a=1; cat <<E; cat <<'E'; cat <<-E
$a $((a + 1)) \\$a
E
$a
E
\tx
\tE`,
    "1 2 $a\n$a\nx\n",
  ],
  ["reads lines", `printf 'a b c\\nd\\n' | while read x y; do echo "$y:$x"; done`, "b c:a\n:d\n"],
  ["takes no more of its input than a line", "echo 'a\nb' | { read x; echo got $x; cat; }", "got a\nb\n"],
  [
    "tells how a command ended",
    "nothing; echo $?; /etc/passwd; echo $?; false; echo $?",
    "127\n126\n1\nsh: nothing: not found\nsh: /etc/passwd: Permission denied\n",
  ],
  ["ends at a failure if asked to", "set -e; if false; then :; fi; false || true; (exit 3); echo no", "[3]"],
  ["does something in the end", "trap 'echo bye' EXIT; exit 5", "bye\n[5]"],
  ["takes its own signals", "trap 'echo got' USR1; kill -USR1 $$; echo on", "got\non\n"],
  ["waits for what runs beside", "{ sleep 0.05; echo a; exit 3; } & echo b; wait $!; echo $?", "b\na\n3\n"],
  ["kills what runs beside", "sleep 100 & kill $!; wait $!; echo $?", "143\n"],
  [
    "runs files with their interpreter",
    "printf '#!/bin/sh -e\\necho $0 $1; false; echo no' > /tmp/x; chmod +x /tmp/x; /tmp/x a; echo $?",
    "/tmp/x a\n1\n",
  ],
  ["evaluates", "x='echo $y'; y=1; eval $x; eval 'f() { echo f; }'; f", "1\nf\n"],
  ["gives the environment of one command", "A=1 env | grep ^A=; echo .$A; export B=2; env | grep ^B=", "A=1\n.\nB=2\n"],
  ["says where a script is none", "echo (", 'sh: syntax error: unexpected "("\n[2]'],
  ["says that a script is not whole", "if true; then echo", "sh: syntax error: unexpected end of file\n[2]"],
  ["says that a quote is not closed", "echo 'a", "sh: syntax error: unterminated quoted string\n[2]"],
  ["ends a writer whom nobody reads", "yes | head -n 2; while :; do echo z; done | head -c 2", "y\ny\nz\n"],
  [
    "has tools for text",
    "seq 10 | tail -n 2; printf 'b\\na\\nb\\n' | sort -u; echo a:b | cut -d: -f2; echo abc | tr a-c A-C; printf 'x\\ny\\n' | sed 's/x/<&>/;2d'",
    "9\n10\na\nb\nb\nABC\n<x>\n",
  ],
  [
    "has tools for files",
    "mkdir -p /a/b; echo 1 > /a/f; ln /a/f /a/g; ln -s f /a/l; cp -r /a /c; echo 2 >> /a/g; cat /a/f /c/l; stat -c '%a %F' /a/l; find /c -type f | xargs wc -c",
    "1\n2\n1\n777 symbolic link\n2 /c/f\n2 /c/g\n",
  ],
  [
    "says what is not there",
    "cat /no; ls /no; rm /no; cd /no; mkdir /a/b; cp /no /x",
    "cat: can't open '/no': No such file or directory\nls: /no: No such file or directory\nrm: can't remove '/no': No such file or directory\nsh: cd: can't cd to /no: No such file or directory\nmkdir: can't create directory '/a/b': No such file or directory\ncp: can't stat '/no': No such file or directory\n[1]",
  ],
  [
    "prints with formats",
    `printf '%5s|%-3s|%03d|%x|%c|%%\\n' a b 7 255 xyz; printf '%s.' 1 2; echo -e 'a\\tb\\c'; echo -n x`,
    "    a|b  |007|ff|x|%\n1.2.a\tbx",
  ],
];

async function withBox(body: (docker: Docker) => Promise<void>): Promise<void> {
  await using engine = await startEngine();
  engine.image("box", busybox);
  await using docker = new Docker({ host: engine.host });
  await body(docker);
}

describe("the built-in shell", () => {
  leakCheck();
  const box = (script: string) => ({ Image: "box", Cmd: ["sh", "-c", script] });

  for (const [title, script, output] of scripts) {
    it(title, () =>
      withBox(async (docker) => {
        const { stdout, stderr, exitCode } = await docker.containers.run(box(script));
        assert.equal(`${stdout}${stderr}${exitCode === 0 ? "" : `[${exitCode}]`}`, output);
      }),
    );
  }

  it("can be killed in an endless loop, while everybody else goes on", () =>
    withBox(async (docker) => {
      const { Id } = await docker.containers.create(box("while :; do :; done"));
      await docker.containers.start(Id);
      assert.equal((await docker.containers.run(box("echo alive"))).stdout, "alive\n");
      await docker.containers.kill(Id);
      assert.equal((await docker.containers.wait(Id)).StatusCode, 137);
    }));

  it("does not hear SIGTERM where it is trapped with nothing, and acts where with something", () =>
    withBox(async (docker) => {
      const deaf = await docker.containers.create(box("trap '' TERM; while :; do sleep 0.01; done"));
      const polite = await docker.containers.create(box("trap 'echo bye; exit 7' TERM; sleep 100 & wait"));
      for (const { Id } of [deaf, polite]) {
        await docker.containers.start(Id);
        await docker.containers.exec(Id, ["sleep", "0.05"]);
      }
      await docker.containers.stop(polite.Id);
      assert.equal((await docker.containers.inspect(polite.Id)).State.ExitCode, 7);
      await docker.containers.stop(deaf.Id, { t: 0 });
      assert.equal((await docker.containers.inspect(deaf.Id)).State.ExitCode, 137);
    }));

  it("reads commands that are piped in, also such as have several lines", () =>
    withBox(async (docker) => {
      const { stdout, exitCode } = await docker.containers.run(
        { Image: "box", Cmd: ["sh"], OpenStdin: true, StdinOnce: true },
        { stdin: "for i in 1 2\ndo echo $i\ndone\nread x\nline\necho got $x\nexit 4\necho no\n" },
      );
      assert.deepEqual([stdout, exitCode], ["1\n2\ngot line\n", 4]);
    }));

  it("passes a gibibyte on without keeping it", () =>
    withBox(async (docker) => {
      const before = heldBytes();
      const { stdout } = await docker.containers.run(box("head -c 1g /dev/zero | cat | dd bs=1m status=none | wc -c"));
      assert.equal(stdout.trim(), String(2 ** 30));
      assert.ok(heldBytes() - before < 8 * 2 ** 20);
    }));

  it("refuses commands that are not there in runc's words", () =>
    withBox(async (docker) => {
      for (const [command, reason] of [
        ["nothing", /exec: "nothing": executable file not found in \$PATH/],
        ["/no/thing", /exec: "\/no\/thing": stat \/no\/thing: no such file or directory/],
        ["/etc/passwd", /exec: "\/etc\/passwd": permission denied/],
      ] as const) {
        const { Id } = await docker.containers.create({ Image: "box", Cmd: [command] });
        await assert.rejects(docker.containers.start(Id), reason);
        const { Error: told, ExitCode } = (await docker.containers.inspect(Id)).State ?? {};
        assert.match(told ?? "", reason);
        assert.equal(ExitCode, 127);
      }
    }));

  it("lets go who is attached to a container that cannot be started, and removes it if it was to go: AutoRemove", () =>
    withBox(async (docker) => {
      for (const AutoRemove of [true, false]) {
        const { Id } = await docker.containers.create({ Image: "box", Cmd: ["nothing"], HostConfig: { AutoRemove } });
        const attached = await docker.containers.attach(Id, { stdout: true, stderr: true });
        await assert.rejects(docker.containers.start(Id), /not found in \$PATH/);
        assert.equal(await attached.text(), "");
        assert.equal(
          (await docker.containers.inspect(Id).outcome()).kind,
          AutoRemove ? "NoSuchContainer" : "Succeeded",
        );
      }
    }));
});
