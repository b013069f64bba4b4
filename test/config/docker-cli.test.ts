import assert from "node:assert/strict";
import { chmod, lstat, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fairlead } from "../cli/support.ts";
import { run } from "../support/scripts.ts";
import { LoggingEngines } from "./logging-engines.ts";
import { ConfigFolder, type GivenContext, setEnvironment } from "./support.ts";

/** The docker CLI's version; undefined if there is none. */
const docker = await run("docker", ["--version"]).then(
  ({ stdout }) => stdout.trim(),
  () => undefined,
);
// Older ones do not know paths in DOCKER_HOST, DOCKER_CUSTOM_HEADERS and `context show`.
const isComparable = Number(/version (\d+)/.exec(docker ?? "")?.[1] ?? 0) >= 28;
assert.ok(
  isComparable || !process.env["CI"],
  "CI must compare with a docker CLI 28 or newer, and there is none on PATH",
);
const skip =
  !isComparable && `not run: there is no docker CLI 28 or newer on PATH to compare with, but ${docker ?? "none"}`;

/**
 * Surroundings in which both are asked. In the texts ONE, TWO and SAFE stand for the addresses of engines that listen,
 * and HOME for the folder above `.docker`.
 */
interface Row {
  readonly title: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** `config.json`, in `.docker` unless `folder` says otherwise. */
  readonly config?: object;
  readonly folder?: string;
  readonly contexts?: Readonly<Record<string, GivenContext>>;
  /** The files with which TLS is spoken, in `.docker` and in `certificates`. */
  readonly certificates?: true;
  /** The engine that is reached. Default: none is asked to list its containers. */
  readonly reaches?: "ONE" | "TWO" | "SAFE";
  /** Whether there is no such context: both must refuse. */
  readonly missing?: true;
}

const contexts: Row["contexts"] = { one: { host: "ONE" }, two: { host: "TWO", description: "Over there" } };
const headers = { HttpHeaders: { "X-From": "file", "X-Other": "yes", "User-Agent": "nobody", "Content-Length": "9" } };

const rows: readonly Row[] = [
  { title: "nothing" },
  { title: "DOCKER_HOST with TCP", env: { DOCKER_HOST: "ONE" }, reaches: "ONE" },
  { title: "DOCKER_HOST with a Unix socket", env: { DOCKER_HOST: "TWO" }, reaches: "TWO" },
  { title: "DOCKER_HOST with a path", env: { DOCKER_HOST: "ONE/prefix/engine" }, reaches: "ONE" },
  { title: "DOCKER_HOST in white space", env: { DOCKER_HOST: " ONE " }, reaches: "ONE" },
  { title: "DOCKER_HOST without a port", env: { DOCKER_HOST: "tcp://engine.example" } },
  { title: "DOCKER_HOST without a scheme", env: { DOCKER_HOST: "engine.example:1234" } },
  { title: "DOCKER_HOST without a host", env: { DOCKER_HOST: "tcp://" } },
  { title: "DOCKER_HOST with a port alone", env: { DOCKER_HOST: "tcp://:1234" } },
  { title: "DOCKER_HOST with IPv6", env: { DOCKER_HOST: "tcp://[::1]:1234" } },
  { title: "DOCKER_HOST without a path", env: { DOCKER_HOST: "unix://" } },
  { title: "DOCKER_HOST with ssh", env: { DOCKER_HOST: "ssh://ann@engine.example:22/run/x.sock" } },
  { title: "DOCKER_HOST with a pipe", env: { DOCKER_HOST: "npipe:////./pipe/docker_engine" } },
  { title: "an empty DOCKER_HOST", env: { DOCKER_HOST: "", DOCKER_CONTEXT: "one" }, contexts, reaches: "ONE" },
  { title: "--host and DOCKER_HOST", args: ["-H", "TWO"], env: { DOCKER_HOST: "ONE" }, reaches: "TWO" },
  { title: "--host and a context", args: ["-H", "TWO"], env: { DOCKER_CONTEXT: "one" }, contexts, reaches: "TWO" },
  { title: "--context and DOCKER_HOST", args: ["-c", "two"], env: { DOCKER_HOST: "ONE" }, contexts, reaches: "TWO" },
  { title: "--context default and DOCKER_HOST", args: ["-c", "default"], env: { DOCKER_HOST: "ONE" }, reaches: "ONE" },
  {
    title: "--context default and a context in use",
    args: ["-c", "default"],
    config: { currentContext: "one" },
    contexts,
  },
  {
    title: "DOCKER_HOST and DOCKER_CONTEXT",
    env: { DOCKER_HOST: "ONE", DOCKER_CONTEXT: "two" },
    contexts,
    reaches: "ONE",
  },
  {
    title: "DOCKER_CONTEXT and a context in use",
    env: { DOCKER_CONTEXT: "two" },
    config: { currentContext: "one" },
    contexts,
    reaches: "TWO",
  },
  {
    title: "DOCKER_CONTEXT with default",
    env: { DOCKER_CONTEXT: "default" },
    config: { currentContext: "one" },
    contexts,
  },
  {
    title: "an empty DOCKER_CONTEXT",
    env: { DOCKER_CONTEXT: "" },
    config: { currentContext: "one" },
    contexts,
    reaches: "ONE",
  },
  { title: "a context in use", config: { currentContext: "two" }, contexts, reaches: "TWO" },
  { title: "a context in use, in other letters", config: { CurrentCONTEXT: "two" }, contexts, reaches: "TWO" },
  {
    title: "a context in use and DOCKER_HOST",
    env: { DOCKER_HOST: "ONE" },
    config: { currentContext: "two" },
    contexts,
    reaches: "ONE",
  },
  {
    title: "DOCKER_CONFIG",
    env: { DOCKER_CONFIG: "HOME/elsewhere" },
    folder: "elsewhere",
    config: { currentContext: "two" },
    contexts,
    reaches: "TWO",
  },
  {
    title: "--config and DOCKER_CONFIG",
    args: ["--config", "HOME/elsewhere"],
    env: { DOCKER_CONFIG: "/nonexistent" },
    folder: "elsewhere",
    config: { currentContext: "two" },
    contexts,
    reaches: "TWO",
  },
  { title: "a missing --context", args: ["-c", "gone"], missing: true },
  { title: "a missing DOCKER_CONTEXT", env: { DOCKER_CONTEXT: "gone" }, missing: true },
  { title: "a missing context in use", config: { currentContext: "gone" }, missing: true },
  {
    title: "DOCKER_TLS_VERIFY",
    env: { DOCKER_HOST: "SAFE", DOCKER_TLS_VERIFY: "1" },
    certificates: true,
    reaches: "SAFE",
  },
  {
    title: "DOCKER_TLS_VERIFY with 0, which is a value like any other",
    env: { DOCKER_HOST: "SAFE", DOCKER_TLS_VERIFY: "0", DOCKER_CERT_PATH: "HOME/certificates" },
    certificates: true,
    reaches: "SAFE",
  },
  {
    title: "an empty DOCKER_TLS_VERIFY",
    env: { DOCKER_HOST: "ONE", DOCKER_TLS_VERIFY: "" },
    certificates: true,
    reaches: "ONE",
  },
  { title: "DOCKER_TLS", env: { DOCKER_HOST: "SAFE", DOCKER_TLS: "1" }, certificates: true, reaches: "SAFE" },
  { title: "DOCKER_TLS_VERIFY alone", env: { DOCKER_TLS_VERIFY: "1" }, certificates: true },
  { title: "--tls alone", args: ["--tls"], certificates: true },
  { title: "--tlsverify", args: ["--tlsverify", "-H", "SAFE"], certificates: true, reaches: "SAFE" },
  {
    title: "--tlscacert and others",
    args: [
      ...["--tlsverify", "-H", "SAFE", "--tlscacert", "HOME/certificates/ca.pem"],
      ...["--tlscert", "HOME/certificates/cert.pem", "--tlskey", "HOME/certificates/key.pem"],
    ],
    env: { DOCKER_CERT_PATH: "/nonexistent" },
    certificates: true,
    reaches: "SAFE",
  },
  {
    title: "a context without TLS, and DOCKER_TLS_VERIFY",
    args: ["-c", "one"],
    env: { DOCKER_TLS_VERIFY: "1" },
    contexts,
    reaches: "ONE",
  },
  {
    title: "a context with TLS",
    args: ["-c", "safe"],
    contexts: { safe: { host: "SAFE", tls: { "ca.pem": "", "cert.pem": "", "key.pem": "" } } },
    reaches: "SAFE",
  },
  {
    title: "a context with TLS that verifies nothing",
    args: ["-c", "lax"],
    contexts: { lax: { host: "SAFE", skipTlsVerify: true, tls: { "cert.pem": "", "key.pem": "" } } },
    reaches: "SAFE",
  },
  { title: "HttpHeaders", env: { DOCKER_HOST: "ONE" }, config: headers, reaches: "ONE" },
  { title: "HttpHeaders with a context", config: { ...headers, currentContext: "two" }, contexts, reaches: "TWO" },
  {
    title: "DOCKER_CUSTOM_HEADERS and HttpHeaders",
    env: { DOCKER_HOST: "TWO", DOCKER_CUSTOM_HEADERS: 'X-A=1,"X-B=2,""3""",X-C = 4=5,X-D=' },
    config: headers,
    reaches: "TWO",
  },
  { title: "DOCKER_API_VERSION", env: { DOCKER_HOST: "ONE", DOCKER_API_VERSION: "1.44" }, reaches: "ONE" },
];

/** What both refuse, with whatever words. */
const refused: readonly Pick<Row, "title" | "args" | "env">[] = [
  { title: "an unknown scheme", env: { DOCKER_HOST: "gopher://engine.example" } },
  { title: "capital letters", env: { DOCKER_HOST: "TCP://engine.example" } },
  { title: "a port that is no number", env: { DOCKER_HOST: "tcp://engine.example:port" } },
  { title: "--host and --context", args: ["-H", "ONE", "-c", "one"] },
  { title: "DOCKER_TLS_VERIFY without ca.pem", env: { DOCKER_HOST: "SAFE", DOCKER_TLS_VERIFY: "1" } },
  { title: "custom headers without a value", env: { DOCKER_HOST: "ONE", DOCKER_CUSTOM_HEADERS: "X-A" } },
  { title: "custom headers without a name", env: { DOCKER_HOST: "ONE", DOCKER_CUSTOM_HEADERS: "=x" } },
  { title: "custom headers that are no CSV", env: { DOCKER_HOST: "ONE", DOCKER_CUSTOM_HEADERS: 'X-A="x"' } },
];

function sortedArrays(_key: string, value: unknown): unknown {
  return Array.isArray(value) ? [...value].sort() : value;
}

/** One of the two programs. */
type Program = (args: readonly string[]) => Promise<{ readonly exitCode: number | null; readonly stdout: string }>;

describe(`Fairlead and ${docker ?? "the docker CLI"}`, { skip, timeout: 600_000 }, () => {
  const saved = { ...process.env };
  let home: ConfigFolder;
  let engines: LoggingEngines;
  before(async () => {
    home = await ConfigFolder.make();
    engines = await LoggingEngines.listen(home.path);
  });
  after(async () => {
    setEnvironment(saved);
    await engines[Symbol.asyncDispose]();
    await home[Symbol.asyncDispose]();
  });

  /** Makes the surroundings, and both programs in them. */
  async function inSurroundings(row: Row, act: (docker: Program, ours: Program) => Promise<void>): Promise<void> {
    await using folder = await ConfigFolder.make();
    const fill = (text: string) =>
      text
        .replace(/^( ?)(ONE|TWO|SAFE)/, (_, space, name: "ONE" | "TWO" | "SAFE") => space + engines.addresses[name])
        .replace("HOME", folder.path);
    await prepare(row, folder, fill);
    const given = Object.fromEntries(Object.entries(row.env ?? {}).map(([name, value]) => [name, fill(value)]));
    setEnvironment({ PATH: saved["PATH"], HOME: folder.path, ...given });
    const args = (row.args ?? []).map(fill);
    const { env } = process;
    await act(
      (more) => run("docker", [...args, ...more], { env }),
      (more) => fairlead([...args, ...more], { env }),
    );
  }

  async function prepare(row: Row, home: ConfigFolder, fill: (text: string) => string): Promise<void> {
    const folder = home.below(row.folder ?? ".docker");
    if (row.config !== undefined) {
      await folder.write("config.json", row.config);
    }
    const pem = { "ca.pem": engines.authority.cert, "cert.pem": engines.client.cert, "key.pem": engines.client.key };
    for (const [name, content] of Object.entries(row.certificates ? pem : {})) {
      await folder.write(name, content);
      await home.write(`certificates/${name}`, content);
    }
    for (const [name, { host = "", tls = {}, ...rest }] of Object.entries(row.contexts ?? {})) {
      const material = Object.entries(pem).filter(([file]) => file in tls);
      await folder.context(name, { ...rest, host: fill(host), tls: Object.fromEntries(material) });
    }
  }

  for (const row of rows) {
    it(`choose the same engine, given ${row.title}`, () =>
      inSurroundings(row, async (docker, ours) => {
        const theirs = await observe(docker, row.reaches !== undefined);
        assert.equal(theirs.engine, row.reaches);
        assert.equal(theirs.inspected === undefined, row.missing === true);
        assert.deepEqual(await observe(ours, row.reaches !== undefined), theirs);
      }));
  }

  /** What a program says, and which requests it sends when it lists containers. */
  async function observe(program: Program, isListing: boolean) {
    const [shown, inspected] = [await program(["context", "show"]), await program(["context", "inspect"])];
    const listed = isListing ? await program(["ps", "-q"]) : undefined;
    const requests = engines.take();
    return {
      shown: [shown.exitCode, shown.stdout.trim()],
      // The docker CLI lists the files of the default context in any order.
      inspected: inspected.exitCode === 0 ? JSON.parse(inspected.stdout, sortedArrays) : undefined,
      listed: listed && [listed.exitCode, listed.stdout],
      engine: requests[0]?.engine,
      // The last one lists; how a version is negotiated is each one's own business.
      request: requests.at(-1),
    };
  }

  for (const row of refused) {
    it(`refuse ${row.title}`, () =>
      inSurroundings(row, async (docker, ours) => {
        for (const program of [docker, ours]) {
          const { exitCode, stdout } = await program(["ps", "-q"]);
          assert.notEqual(exitCode, 0);
          assert.equal(stdout, "");
        }
        assert.deepEqual(engines.take(), []);
      }));
  }

  const many: Row = {
    title: "",
    config: { currentContext: "node2" },
    contexts: Object.fromEntries(
      ["node10", "node2", "Alpha", "zeta", "aa", "a.b", "a-b", "a1", "a01"].map((name) => [
        name,
        { host: `tcp://${name}:1`, description: `The ${name}` },
      ]),
    ),
  };

  it("list the same contexts in the same order", () =>
    inSurroundings(many, async (docker, ours) => {
      const lines = async (program: Program, ...args: string[]) =>
        (await program(["context", "ls", ...args])).stdout.split("\n").map((line) => line.trimEnd());
      assert.deepEqual(await lines(ours), await lines(docker));
      assert.deepEqual(await lines(ours, "-q"), await lines(docker, "-q"));
      const theirs = (await lines(docker, "--format", "json")).filter((line) => line !== "");
      const { stdout } = await ours(["context", "ls", "--json"]);
      assert.deepEqual(
        JSON.parse(stdout),
        theirs.map((line) => JSON.parse(line)),
      );
    }));

  it("write the same when a context is chosen", () =>
    inSurroundings({ title: "", contexts: { one: { host: "ONE" } } }, async (docker, ours) => {
      const file = join(process.env["HOME"] ?? "", ".docker/config.json");
      for (const name of ["one", "default", "one"]) {
        const written = [];
        for (const program of [docker, ours]) {
          const { exitCode, stdout } = await program(["context", "use", name]);
          written.push([exitCode, stdout, await readFile(file, "utf8"), (await stat(file)).mode]);
        }
        assert.deepEqual(written[1], written[0]);
      }
    }));
});

describe("choosing a context", () => {
  it("keeps what Fairlead does not know, the rights of the file, and that it is a link", async () => {
    await using folder = await ConfigFolder.make();
    const file = await folder.write("real/config.json", {
      auths: { a: { auth: "x" } },
      CurrentContext: "one",
      other: [1],
    });
    await folder.context("two", { host: "unix:///x" });
    await chmod(file, 0o640);
    await symlink("real/config.json", join(folder.path, "config.json"));
    assert.equal((await fairlead(["--config", folder.path, "context", "use", "two"])).exitCode, 0);
    assert.equal(
      await readFile(file, "utf8"),
      '{\n\t"auths": {\n\t\t"a": {\n\t\t\t"auth": "x"\n\t\t}\n\t},\n\t"other": [\n\t\t1\n\t],\n\t"currentContext": "two"\n}',
    );
    assert.equal((await stat(file)).mode & 0o777, 0o640);
    assert.ok((await lstat(join(folder.path, "config.json"))).isSymbolicLink());
  });

  it("that does not exist is refused, and changes nothing", async () => {
    await using folder = await ConfigFolder.make();
    const file = await folder.write("config.json", "{}");
    const { exitCode, stderr } = await fairlead(["--config", folder.path, "context", "use", "gone"]);
    assert.equal(exitCode, 2);
    assert.match(stderr, /^fairlead: The context "gone" does not exist: there is no \/.+\/meta\.json\n$/);
    assert.equal(await readFile(file, "utf8"), "{}");
  });

  it("says so when a variable wins over it", async () => {
    await using folder = await ConfigFolder.make();
    const env = { DOCKER_HOST: "tcp://engine.example" };
    const { exitCode, stderr } = await fairlead(["--config", folder.path, "context", "use", "default"], { env });
    assert.deepEqual([exitCode, stderr], [0, "fairlead: DOCKER_HOST is set, and wins over the context in use\n"]);
  });
});
