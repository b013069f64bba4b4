import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, link, mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { type ConnectAttempt, ConnectError, Docker, InvalidRequestError } from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";

const index = new URL("../../src/index.ts", import.meta.url);

/** What a program in other surroundings says: the error that a first call throws. */
interface Said {
  readonly name: string;
  readonly message: string;
  readonly attempts: readonly ConnectAttempt[];
}

/** The failure of a first call in a process with that environment, after running `prelude` in it. */
async function failureWith(env: Record<string, string>, prelude: string): Promise<Said> {
  const source = `import { Docker } from ${JSON.stringify(index.href)};
    // Loads what the first call needs while everything may still be read.
    await new Docker({ host: "unix:///nonexistent" }).system.version().catch(() => {});
    ${prelude}
    await new Docker().system.version().catch(({ name, message, attempts }) =>
      console.log(JSON.stringify({ name, message, attempts })));`;
  const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", source], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  assert.ok(child.stdout);
  return JSON.parse(await text(child.stdout));
}

describe("an engine that cannot be reached", { timeout: 600_000 }, () => {
  leakCheck();
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fairlead-"));
  });
  after(() => rm(folder, { recursive: true }));

  async function attemptsOf(host: string): Promise<readonly ConnectAttempt[]> {
    const docker = new Docker({ host });
    let attempts: readonly ConnectAttempt[] = [];
    for (const view of [docker.system.version(), docker.system.version().outcome()]) {
      await assert.rejects(view, (error) => {
        assert.ok(error instanceof ConnectError);
        assert.ok(error.cause instanceof Error);
        assert.match(error.message, /^Cannot reach a Docker engine at /);
        attempts = error.attempts;
        return true;
      });
    }
    await docker.close();
    return attempts;
  }

  test("for want of a socket says so", async () => {
    const host = `unix://${folder}/none.sock`;
    const [attempt, ...others] = await attemptsOf(host);
    assert.deepEqual(others, []);
    assert.deepEqual(attempt, {
      endpoint: host,
      source: "the option host",
      reason: "no such file",
      code: "ENOENT",
      advice: "Is the engine installed and running?",
    });
  });

  test("because its socket is left from an earlier run says so", async () => {
    const [live, stale] = [join(folder, "live.sock"), join(folder, "stale.sock")];
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(live, resolve);
    });
    await link(live, stale); // Node removes the first name when the server closes
    await new Promise((resolve) => server.close(resolve));
    const [attempt] = await attemptsOf(`unix://${stale}`);
    assert.deepEqual([attempt?.code, attempt?.advice], ["ECONNREFUSED", "Is the engine running?"]);
    assert.match(attempt?.reason ?? "", /nothing listens/);
  });

  test("because nothing listens on its port says so", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    await new Promise((resolve) => server.close(resolve));
    const [attempt] = await attemptsOf(`tcp://127.0.0.1:${address.port}`);
    assert.deepEqual([attempt?.endpoint, attempt?.code], [`tcp://127.0.0.1:${address.port}`, "ECONNREFUSED"]);
  });

  test("for want of permission says what to do", async () => {
    const closed = join(folder, "closed");
    await mkdir(closed);
    await chmod(closed, 0);
    // Root may read everything, so the program turns into somebody else first.
    const prelude =
      process.getuid?.() === 0 ? "process.setgroups([]); process.setgid(65534); process.setuid(65534);" : "";
    const { name, message, attempts } = await failureWith({ DOCKER_HOST: `unix://${closed}/engine.sock` }, prelude);
    await chmod(closed, 0o700);
    assert.equal(name, "ConnectError");
    assert.deepEqual([attempts[0]?.code, attempts[0]?.reason], ["EACCES", "permission denied"]);
    assert.match(message, /DOCKER_HOST\): permission denied\. Add your user to the docker group/);
  });

  test("is looked for in every well-known place, and each is told", async (context) => {
    const taken = ["/var/run/docker.sock", "/run/podman/podman.sock"].filter((path) => existsSync(path));
    if (taken.length > 0) {
      context.skip(`not run: this machine has an engine of its own at ${taken}`);
      return;
    }
    const home = join(folder, "home");
    const { message, attempts } = await failureWith({ HOME: home, XDG_RUNTIME_DIR: `${folder}/run` }, "");
    assert.deepEqual(
      attempts.map(({ endpoint }) => endpoint),
      [
        "unix:///var/run/docker.sock",
        `unix://${folder}/run/docker.sock`,
        `unix://${home}/.docker/run/docker.sock`,
        `unix://${home}/.docker/desktop/docker.sock`,
        `unix://${home}/.colima/default/docker.sock`,
        `unix://${folder}/run/podman/podman.sock`,
        "unix:///run/podman/podman.sock",
      ],
    );
    for (const { endpoint, source, reason } of attempts) {
      assert.ok(message.includes(`${endpoint} (${source}): ${reason}`));
    }
  });
});

describe("the surroundings", () => {
  const saved = { ...process.env };
  after(() => {
    process.env = saved;
  });

  for (const [title, env, parameter] of [
    ["a malformed DOCKER_HOST", { DOCKER_HOST: "nonsense://" }, "DOCKER_HOST"],
    ["a malformed DOCKER_API_VERSION", { DOCKER_API_VERSION: "1.44.0.1" }, "DOCKER_API_VERSION"],
    ["a DOCKER_API_VERSION that is too old", { DOCKER_API_VERSION: "1.39" }, "DOCKER_API_VERSION"],
    ["a DOCKER_API_VERSION that is too new", { DOCKER_API_VERSION: "1.57" }, "DOCKER_API_VERSION"],
  ] as const) {
    test(`with ${title} are refused when the client is made`, () => {
      process.env = { ...saved, DOCKER_API_VERSION: "", ...env };
      assert.throws(
        () => new Docker(),
        (error) => error instanceof InvalidRequestError && error.parameter === parameter,
      );
    });
  }

  test("with an empty DOCKER_API_VERSION choose none", () => {
    process.env = { ...saved, DOCKER_API_VERSION: "", DOCKER_HOST: "" };
    new Docker();
  });
});
