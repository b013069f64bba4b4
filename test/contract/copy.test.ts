import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { execFile } from "node:child_process";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { promisify } from "node:util";
import { CopyError, type CopyErrorReason, StatusError } from "../../src/index.ts";
import { forEachEngine } from "../support/engines.ts";
import { type TestEntry, tarOf } from "../support/tar.ts";
import { nobody, sleeper, useWorkbench } from "./support.ts";

const modified = new Date("2021-03-04T05:06:07Z");

/** Checks that a copy is refused for that reason. */
async function refuses(copy: Promise<unknown>, reason: CopyErrorReason): Promise<void> {
  await assert.rejects(copy, (error) => {
    assert.ok(error instanceof CopyError, String(error));
    assert.equal(error.reason, reason, error.message);
    return true;
  });
}

/** What each of the rules of names finds in its folder. */
function treeIn(root: string): readonly TestEntry[] {
  return [
    ...["", "/dir", "/src"].map((name) => ({ name: `${root}${name}/`, type: "5", mode: 0o755 })),
    { name: `${root}/old`, body: "old" },
    { name: `${root}/dirlink`, type: "2", link: "dir" },
    { name: `${root}/src/file`, body: "content" },
  ];
}

forEachEngine("copy", (engine) => {
  const { docker, create, run } = useWorkbench(engine);
  let folder = "";
  let home = "";
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "fairlead-copy-"));
  });
  after(() => rm(home, { recursive: true }));
  beforeEach(async () => {
    folder = await mkdtemp(join(home, "test-"));
    await mkdir(join(folder, "src/sub"), { recursive: true });
    await writeFile(join(folder, "src/file"), "content");
    await writeFile(join(folder, "src/sub/deep"), Buffer.alloc(100_000, 7));
    await chmod(join(folder, "src/file"), 0o751);
    await symlink("file", join(folder, "src/link"));
    await symlink("/nowhere/at/all", join(folder, "src/dangling"));
    await utimes(join(folder, "src/file"), modified, modified);
  });
  const at = (...names: string[]) => join(folder, ...names);
  /** What a path in a container is, and what a file there holds. */
  const remote = async (id: string, path: string) => {
    const outcome = await docker.containers.statPath(id, { path }).outcome();
    if (outcome.kind !== "Succeeded") {
      return "nothing";
    }
    const { type } = outcome.value;
    return type === "file" ? `file ${await textOf(id, path)}` : type;
  };
  const textOf = async (id: string, path: string) => {
    await docker.containers.copyFrom(id, path, at("text-of"));
    return readFile(at("text-of"), "utf8");
  };

  describe("copyTo", () => {
    it("copies a directory with everything in it", async () => {
      const id = await create();
      const result = await docker.containers.copyTo(id, at("src"), "/tmp");
      assert.deepEqual(result, { path: "/tmp/src", files: 2, directories: 2, links: 2, bytes: 100_007, skipped: [] });
      assert.equal(await remote(id, "/tmp/src/file"), "file content");
      const stat = await docker.containers.statPath(id, { path: "/tmp/src/file" });
      assert.deepEqual([stat.mode, stat.mtime.getTime()], [0o751, modified.getTime()]);
      assert.equal((await docker.containers.statPath(id, { path: "/tmp/src/sub/deep" })).size, 100_000);
      await docker.containers.copyFrom(id, "/tmp/src/", at("back"), { unsafe: "skip" });
      assert.equal(await readlink(at("back/link")), "file");
    });

    it("keeps names that are long or not ASCII, and empty files", async () => {
      const id = await create();
      const name = `ü ${"l".repeat(200)}€`;
      const inner = join("src", "d".repeat(150), "e".repeat(150));
      await mkdir(at(inner), { recursive: true });
      await writeFile(at(inner, name), "");
      await docker.containers.copyTo(id, at("src"), "/tmp");
      await rm(at("src"), { recursive: true });
      await docker.containers.copyFrom(id, "/tmp/src", folder, { unsafe: "skip" });
      assert.deepEqual(await readdir(at(inner)), [name]);
    });

    it("gives everything to root, or keeps the owner", async () => {
      const container = await create({ Cmd: ["stat", "-c", "%u", "/tmp/file"] });
      await docker.containers.copyTo(container, at("src/file"), "/tmp");
      await docker.containers.start(container);
      await docker.containers.wait(container);
      assert.match(await docker.containers.logs(container).text(), /^0\s*$/);
      const { uid } = await lstat(at("src/file"));
      const other = await create({ Cmd: ["stat", "-c", "%u", "/tmp/file"] });
      await docker.containers.copyTo(other, at("src/file"), "/tmp", { keepOwner: true });
      await docker.containers.start(other);
      await docker.containers.wait(other);
      assert.equal((await docker.containers.logs(other).text()).trim(), String(uid));
    });

    it("copies a link itself, and what it leads to with a closing slash", async () => {
      const id = await create();
      await symlink("src", at("alias"));
      await docker.containers.copyTo(id, at("src"), "/tmp"); // Podman does not see links that lead to nothing.
      await docker.containers.copyTo(id, at("alias"), "/tmp");
      assert.equal(await remote(id, "/tmp/alias"), "symlink");
      await docker.containers.copyTo(id, `${at("alias")}/`, "/tmp/real");
      assert.equal(await remote(id, "/tmp/real/file"), "file content");
    });

    it("refuses devices, pipes and sockets, or leaves them out", async () => {
      const id = await create();
      await promisify(execFile)("mkfifo", [at("src/pipe")]);
      await refuses(docker.containers.copyTo(id, at("src"), "/tmp"), "special-file");
      const { skipped, files } = await docker.containers.copyTo(id, at("src"), "/tmp", { unsafe: "skip" });
      assert.deepEqual(skipped, [{ entry: at("src/pipe"), reason: "special-file" }]);
      assert.equal(files, 2);
      await refuses(docker.containers.copyTo(id, "/dev/null", "/tmp"), "special-file");
    });

    it("of what is not there, here or there, says so", async () => {
      const id = await create();
      await refuses(docker.containers.copyTo(id, at("nothing"), "/tmp"), "no-such-path");
      await assert.rejects(
        docker.containers.copyTo(nobody, at("src"), "/tmp"),
        (error) => error instanceof StatusError && error.status === 404 && /container/i.test(error.message),
      );
    });

    it("carries a large file to and fro", async () => {
      const id = await create();
      const piece = Buffer.alloc(1 << 20, 1);
      await writeFile(
        at("large"),
        (function* () {
          for (let count = 0; count < 64; count += 1) {
            yield piece;
          }
        })(),
      );
      const { bytes } = await docker.containers.copyTo(id, at("large"), "/tmp");
      assert.equal(bytes, 64 << 20);
      assert.equal((await docker.containers.statPath(id, { path: "/tmp/large" })).size, 64 << 20);
      const back = await docker.containers.copyFrom(id, "/tmp/large", at("back"));
      assert.equal(back.bytes, 64 << 20);
      assert.ok(Buffer.from(await readFile(at("back"))).equals(await readFile(at("large"))));
    });

    it("can be aborted", async () => {
      const id = await create();
      const controller = new AbortController();
      const copy = docker.containers.copyTo(id, at("src"), "/tmp", { signal: controller.signal });
      controller.abort();
      await assert.rejects(copy, { name: "AbortError" });
    });
  });

  describe("copyFrom", () => {
    it("copies a directory with everything in it", async () => {
      const id = await run(
        "mkdir -p /d/sub && printf hello > /d/file && ln /d/file /d/hard && ln -s file /d/link && chmod 4750 /d/file && chmod 555 /d/sub && touch -d '2021-03-04 05:06:07' /d/file /d/sub",
      );
      const result = await docker.containers.copyFrom(id, "/d", folder);
      assert.deepEqual(result, { path: at("d"), files: 2, directories: 2, links: 1, bytes: 5, skipped: [] });
      assert.deepEqual((await readdir(at("d"))).sort(), ["file", "hard", "link", "sub"]);
      assert.equal(await readFile(at("d/link"), "utf8"), "hello");
      const [file, hard, sub] = await Promise.all(["d/file", "d/hard", "d/sub"].map((name) => lstat(at(name))));
      assert.equal(file?.ino, hard?.ino);
      assert.deepEqual(
        [file?.mode, sub?.mode].map((mode) => (mode ?? 0) & 0o7777),
        [0o750, 0o555],
      );
      assert.deepEqual([file?.mtime, sub?.mtime], [modified, modified]);
    });

    it("refuses a link that leads out, or leaves it out", async () => {
      const id = await run("mkdir /d && ln -s /etc/passwd /d/out && ln -s ../../x /d/up && touch /d/file");
      await refuses(docker.containers.copyFrom(id, "/d", folder), "link-outside-target");
      const { skipped, files, links } = await docker.containers.copyFrom(id, "/d", at("safe"), { unsafe: "skip" });
      assert.deepEqual(skipped.map(({ entry }) => entry).sort(), ["out", "up"]);
      assert.deepEqual([files, links, await readdir(at("safe"))], [1, 0, ["file"]]);
    });

    it("refuses pipes, and keeps to its limits", async () => {
      const id = await run("mkdir /d && mkfifo /d/pipe; mkdir /e && for i in 1 2 3 4; do printf 12345 > /e/$i; done");
      await refuses(docker.containers.copyFrom(id, "/d", folder), "special-file");
      await refuses(docker.containers.copyFrom(id, "/e", at("a"), { limitBytes: 19 }), "too-many-bytes");
      await refuses(docker.containers.copyFrom(id, "/e", at("b"), { limitEntries: 4 }), "too-many-entries");
      const { bytes } = await docker.containers.copyFrom(id, "/e", at("c"), { limitBytes: 20, limitEntries: 5 });
      assert.equal(bytes, 20);
    });

    it("copies the whole file system but for what leads out of it", async () => {
      const id = await run("printf hello > /file");
      const { files } = await docker.containers.copyFrom(id, "/", at("all"), { unsafe: "skip" });
      assert.ok(files > 1);
      assert.equal(await readFile(at("all/file"), "utf8"), "hello");
      assert.ok((await lstat(at("all/bin/busybox"))).isFile());
    });

    it("of what is not there says so", async () => {
      const id = await create();
      await assert.rejects(docker.containers.copyFrom(id, "/nothing", folder), { name: "StatusError", status: 404 });
      await assert.rejects(docker.containers.copyFrom(nobody, "/", folder), { name: "StatusError", status: 404 });
      await refuses(docker.containers.copyFrom(id, "/etc/passwd", at("no/such/file")), "no-such-path");
    });

    it("does not write through a link that lies in its way", async () => {
      const id = await run("mkdir -p /d/sub && printf hello > /d/sub/file && printf new > /d/top");
      await mkdir(at("d"));
      await mkdir(at("elsewhere"));
      await writeFile(at("victim"), "old");
      await symlink("../victim", at("d/top"));
      await docker.containers.copyFrom(id, "/d/top", at("d"));
      assert.deepEqual([await readFile(at("victim"), "utf8"), await readFile(at("d/top"), "utf8")], ["old", "new"]);
      await symlink("../elsewhere", at("d/sub"));
      await refuses(docker.containers.copyFrom(id, "/d", folder), "through-link");
      assert.deepEqual(await readdir(at("elsewhere")), []);
    });
  });

  describe("names follow the rules of docker cp", () => {
    /** Source, destination, and where `file` of the source comes to be; or why it is refused. */
    const rules: readonly (readonly [source: string, destination: string, result: string])[] = [
      ["src/file", "dir", "dir/file"],
      ["src/file", "dir/", "dir/file"],
      ["src/file", "dir/.", "dir/file"],
      ["src/file", "new", "new"],
      ["src/file", "old", "old"],
      ["src/file", "dirlink", "dir/file"],
      ["src/file", "new/", "no-such-path"],
      ["src/file", "old/", "not-a-directory"],
      ["src", "dir", "dir/src/file"],
      ["src/", "dir", "dir/src/file"],
      ["src/.", "dir", "dir/file"],
      ["src", "new", "new/file"],
      ["src/", "new/", "new/file"],
      ["src/.", "new", "new/file"],
      ["src", "old", "in-the-way"],
      ["src/.", "old", "in-the-way"],
      ["src", "dirlink/", "dir/src/file"],
    ];
    /** One container for all rules, in which each has a folder of its own. */
    let id = "";
    before(async () => {
      ({ Id: id } = await docker.containers.create(sleeper));
      await docker.containers.putArchive(id, tarOf(...rules.flatMap((_, index) => treeIn(`r${index}`))), { path: "/" });
    });
    after(() => docker.containers.remove(id).outcome());
    for (const [index, [source, destination, result]] of rules.entries()) {
      const root = `/r${index}`;
      const outcome = /^\w+(-\w+)+$/.test(result) ? `is refused: ${result}` : `makes ${result}`;
      it(`${source} to ${destination} ${outcome}`, async () => {
        await mkdir(at("r/dir"), { recursive: true });
        await writeFile(at("r/old"), "old");
        await symlink("dir", at("r/dirlink"));
        const to = docker.containers.copyTo(id, at(source) + /\/?\.?$/.exec(source)?.[0], `${root}/${destination}`);
        const from = docker.containers.copyFrom(id, `${root}/${source}`, `${folder}/r/${destination}`);
        if (outcome.startsWith("is")) {
          await Promise.all([to, from].map((copy) => refuses(copy, result as CopyErrorReason))); // from the table
          return;
        }
        const [there, local] = await Promise.all([to, from]);
        assert.equal(await remote(id, `${root}/${result}`), "file content");
        assert.equal(await readFile(at("r", result), "utf8"), "content");
        const copied = source === "src/file" ? result : result.replace(/\/file$/, "");
        assert.deepEqual([there.path, local.path], [`${root}/${copied}`, at("r", copied)]);
      });
    }
  });

  it("of a tar that getArchive would give is what putArchive takes", async () => {
    const id = await create();
    await docker.containers.putArchive(id, tarOf({ name: "x", body: "y" }), { path: "/tmp" });
    assert.equal(await remote(id, "/tmp/x"), "file y");
  });
});
