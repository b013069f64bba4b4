import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { request } from "../support/engine-request.ts";
import { type CommandResult, copyOfScripts, run } from "../support/scripts.ts";

/** A folder name that makes the project's path too long for a socket in it. */
const longName =
  "a-project-in-a-folder-whose-path-is-longer-than-the-107-bytes-that-the-path-of-a-unix-socket-may-have";

const obstacle = privateEngineObstacle();

function privateEngineObstacle(): string | false {
  if (process.getuid?.() !== 0) return "needs root";
  return existsSync("/etc/debian_version") ? false : "needs Debian or Ubuntu";
}

describe("the private engine", { skip: obstacle, timeout: 600_000 }, () => {
  it("starts, takes an image, runs it, and leaves nothing when stopped, however long the project's path is", async () => {
    await using project = await copyOfScripts(longName);
    const engines = engineScript(project.root);
    try {
      // Two at once: one starts it, the other waits and finds it.
      const ups = await Promise.all([engines("up"), engines("up")]);
      assert.deepEqual(ups.map(origin).sort(), ["running", "started"], ups[0].stderr + ups[1].stderr);
      const host = /^DOCKER_HOST=(.+)$/m.exec(ups[0].stdout)?.[1] ?? "";
      assert.equal((await engines("image", "some/image:tag")).exitCode, 0);
      assert.equal(await exitCodeOf(host, "some/image:tag"), 42);
      assert.equal((await engines("remove-image", "some/image:tag")).exitCode, 0);
      const traces = tracesOf(host);
      assert.ok(traces.processes().length >= 3, "pid 1, dockerd and containerd run");
      assert.notEqual(await traces.cgroups(), "");

      const down = await engines("down");
      assert.deepEqual([down.exitCode, down.stdout, down.stderr], [0, "", ""]);
      assert.deepEqual(traces.processes(), []);
      assert.equal(await traces.cgroups(), "");
      assert.ok(!existsSync(new URL(host).pathname));
      assert.ok(!readFileSync("/proc/self/mounts", "utf8").includes(dirname(project.root)));
      assert.deepEqual(readdirSync(join(project.root, ".engines")).sort(), ["busybox.tar", "lock", "tree"]);
      assert.equal(origin(await engines("env")), undefined);
    } finally {
      await engines("down");
    }
  });

  it("cannot be had by a user who is not root", async () => {
    await using project = await copyOfScripts();
    await run("chmod", ["-R", "a+rX", dirname(project.root)]);
    const { exitCode, stderr } = await engineScript(project.root, 65534)("up");
    assert.match(stderr, /a private one cannot be had: you are not root\./);
    assert.equal(exitCode, 3);
  });
});

function engineScript(root: string, uid?: number): (...args: readonly string[]) => Promise<CommandResult> {
  const env = { ...process.env, FAIRLEAD_ENGINES_IGNORE_RUNNING: "1" };
  return (...args) => run(join(root, "scripts/engines"), args, uid === undefined ? { env } : { env, uid });
}

function origin({ stdout }: CommandResult): string | undefined {
  return /^FAIRLEAD_ENGINE=(\w+)$/m.exec(stdout)?.[1];
}

async function exitCodeOf(host: string, image: string): Promise<number> {
  const spec = { Image: image, Cmd: ["sh", "-c", "exit 42"], HostConfig: { Memory: 32 * 1024 * 1024 } };
  const { Id } = await request<{ Id: string }>(host, "POST", "/containers/create", spec);
  await request(host, "POST", `/containers/${Id}/start`);
  const { StatusCode } = await request<{ StatusCode: number }>(host, "POST", `/containers/${Id}/wait`);
  await request(host, "DELETE", `/containers/${Id}`);
  return StatusCode;
}

/** What of the engine can be seen on the machine: processes in its network namespace, and its cgroups. */
function tracesOf(host: string): { processes(): string[]; cgroups(): Promise<string> } {
  const isEngine = (pid: string): boolean => (read(`/proc/${pid}/cmdline`) ?? "").startsWith(`dockerd\0-H\0${host}\0`);
  const pid = readdirSync("/proc").find(isEngine);
  assert.ok(pid !== undefined, `dockerd of ${host} runs`);
  const network = readlinkSync(`/proc/${pid}/ns/net`);
  const name = /\/(fairlead-\d+)/.exec(readFileSync(`/proc/${pid}/cgroup`, "utf8"))?.[1] ?? assert.fail("no cgroup");
  return {
    processes: () => readdirSync("/proc").filter((other) => readLink(`/proc/${other}/ns/net`) === network),
    cgroups: async () => (await run("find", ["/sys/fs/cgroup", "-name", name])).stdout,
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // not a process, or one that ended meanwhile
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // not a process, or one that ended meanwhile
  }
}
