import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { commands } from "../../src/cli/commands.ts";
import { publishPorts } from "../../src/cli/publish.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { fairlead } from "./support.ts";

const nowhere = "unix:///fairlead/no/such/engine.sock";

describe("a wrong command line", () => {
  for (const [line, want] of [
    ["pss", "unknown command pss; did you mean ps? (see fairlead --help)"],
    ["frobnicate", "unknown command frobnicate (see fairlead --help)"],
    ["context lss", "unknown command context lss; did you mean context ls? (see fairlead --help)"],
    ["context use", "context use: an argument is missing: CONTEXT (see fairlead context use --help)"],
    [
      "ps --tlsverify --tlscacert /fairlead/none.pem",
      "ps: the file /fairlead/none.pem for TLS cannot be read: ENOENT (see fairlead ps --help)",
    ],
    ["constructor", "unknown command constructor (see fairlead --help)"],
    ["--jsno ps", "unknown flag --jsno; did you mean --json?"],
    ["ps --filtr a=b", "ps: unknown flag --filtr; did you mean --filter? (see fairlead ps --help)"],
    ["ps --__proto__", "ps: unknown flag --__proto__ (see fairlead ps --help)"],
    ["ps -x", "ps: unknown flag -x (see fairlead ps --help)"],
    ["ps -n", "ps: -n needs a value (see fairlead ps --help)"],
    ["ps -n many", 'ps: -n takes a whole number, not "many" (see fairlead ps --help)'],
    ["ps --all=perhaps", 'ps: --all is on or off: it takes true or false, not "perhaps" (see fairlead ps --help)'],
    ["ps --filter status", 'ps: --filter takes KEY=VALUE, not "status" (see fairlead ps --help)'],
    ["ps web", "ps: too many arguments: [FLAGS] (see fairlead ps --help)"],
    ["stop", "stop: an argument is missing: [FLAGS] CONTAINER [CONTAINER...] (see fairlead stop --help)"],
    [
      "create --restart often x",
      'create: --restart takes no, always, unless-stopped or on-failure[:COUNT], not "often" (see fairlead create --help)',
    ],
    [
      "create -p 99999 x",
      'create: --publish takes [[IP:]HOST_PORT:]PORT[/PROTOCOL], not "99999" (see fairlead create --help)',
    ],
  ] as const) {
    it(`is refused: ${line}`, async () => {
      const result = await fairlead(["-H", nowhere, ...line.split(" ")]);
      assert.deepEqual(result, { exitCode: 2, stdout: "", stderr: `fairlead: ${want}\n` });
    });
  }

  it("is refused in JSON with --json", async () => {
    const { exitCode, stderr } = await fairlead(["--json", "pss"]);
    assert.equal(exitCode, 2);
    assert.deepEqual(JSON.parse(stderr), {
      name: "UsageError",
      message: "unknown command pss; did you mean ps? (see fairlead --help)",
    });
  });

  it("includes a malformed address", async () => {
    const { exitCode, stderr } = await fairlead(["-H", "ftp://x", "ps"]);
    assert.equal(exitCode, 2);
    assert.match(stderr, /^fairlead: [^\n]*ftp[^\n]*\n$/);
  });

  it("includes an address and a context at once", async () => {
    const { exitCode, stderr } = await fairlead(["-H", nowhere, "ps", "-c", "there"]);
    assert.equal(exitCode, 2);
    assert.match(stderr, /^fairlead: The options host and context [^\n]*\n$/);
  });

  it("without a command prints the help as an error", async () => {
    const help = await fairlead(["--help"]);
    assert.deepEqual(await fairlead([]), { exitCode: 2, stdout: "", stderr: help.stdout });
  });
});

describe("flags", () => {
  it("take values that begin with a dash, as with -t -1", async () => {
    assert.equal((await fairlead(["-H", nowhere, "stop", "-t", "-1", "web"])).exitCode, 3);
  });

  it("end at the image, so that the rest is the container's command", async () => {
    assert.equal((await fairlead(["-H", nowhere, "create", "-it", "image", "ls", "--color", "--help"])).exitCode, 3);
  });

  it("that are global may stand before the command or behind it", async () => {
    assert.equal((await fairlead(["ps", "-aH", nowhere])).exitCode, 3);
    assert.equal((await fairlead(["ps", "-a", "-H", nowhere, "--help"])).exitCode, 0);
    assert.equal((await fairlead(["--help", "ps"])).exitCode, 0);
  });
});

describe("help", () => {
  it("lists every command", async () => {
    const { exitCode, stdout } = await fairlead(["--help"]);
    assert.equal(exitCode, 0);
    for (const [name, { summary }] of Object.entries(commands)) {
      assert.match(stdout, new RegExp(`^  ${name} +${summary}$`, "m"));
    }
  });

  it("of a command shows its usage, flags and examples", async () => {
    assert.equal(
      (await fairlead(["stop", "--help"])).stdout,
      `Usage: fairlead stop [FLAGS] CONTAINER [CONTAINER...]

Stop running containers.

Flags:
  -t, --timeout SECONDS  How long to wait before killing; -1 is for ever
      --time SECONDS     The same, as docker before 28 calls it
  -s, --signal SIGNAL    The signal to send instead of the container's own

Flags of every command:
  -H, --host ADDRESS    The engine's address: unix://PATH, tcp://HOST:PORT or ssh://USER@HOST
  -c, --context NAME    The context that says where the engine is
      --config FOLDER   Where config.json and the contexts are; ~/.docker by default
      --tls             Speak TLS, whatever certificate the engine has
      --tlsverify       Speak TLS, and verify the engine's certificate
      --tlscacert FILE  Who may sign the engine's certificate; ca.pem by default
      --tlscert FILE    The client's certificate; cert.pem by default
      --tlskey FILE     The client's key; key.pem by default
      --json            Print JSON, for other programs
  -h, --help            Print this help

Examples:
  fairlead stop web
  fairlead stop --timeout 30 web worker
`,
    );
  });

  it("is there for every command, no line is wider than 100 characters, and its examples are of the command", async () => {
    for (const name of Object.keys(commands)) {
      const { exitCode, stdout } = await fairlead([name, "-h"]);
      assert.equal(exitCode, 0);
      assert.ok(stdout.startsWith(`Usage: fairlead ${name}`));
      assert.match(stdout, new RegExp(`Examples?:\\n  fairlead ${name}\\b`));
      assert.deepEqual(
        stdout.split("\n").filter((line) => line.length > 100),
        [],
      );
    }
  });

  it("has the version of the package", async () => {
    const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
    for (const flag of ["-v", "--version"]) {
      assert.deepEqual(await fairlead([flag]), { exitCode: 0, stdout: `fairlead ${version}\n`, stderr: "" });
    }
  });
});

describe("--publish", () => {
  const on = (HostPort: string, HostIp = "") => [{ HostIp, HostPort }];
  for (const [given, want] of [
    ["80", { "80/tcp": on("") }],
    ["8080:80", { "80/tcp": on("8080") }],
    ["53:53/udp", { "53/udp": on("53") }],
    ["127.0.0.1:8080:80", { "80/tcp": on("8080", "127.0.0.1") }],
    ["127.0.0.1::80", { "80/tcp": on("", "127.0.0.1") }],
    ["[::1]:8080:80", { "80/tcp": on("8080", "::1") }],
    ["8000-8001:80-81", { "80/tcp": on("8000"), "81/tcp": on("8001") }],
  ] as const) {
    it(`reads ${given}`, () => {
      const { ExposedPorts, PortBindings } = publishPorts([given]);
      assert.deepEqual(PortBindings, want);
      assert.deepEqual(Object.keys(ExposedPorts), Object.keys(want));
    });
  }

  for (const given of ["", "x", "80:", "0", "80-79", "8000-8002:80-81", "80/icmp", "::1:80:80", "1:2:3:4"]) {
    it(`refuses "${given}"`, () => assert.throws(() => publishPorts([given]), UsageError));
  }

  it("keeps several bindings of one port", () => {
    assert.deepEqual(publishPorts(["1:80", "2:80"]).PortBindings, { "80/tcp": [...on("1"), ...on("2")] });
  });
});
