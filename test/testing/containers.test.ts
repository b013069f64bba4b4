import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Docker } from "../../src/index.ts";
import { type EmbeddedEngine, type Program, startEngine } from "../../src/testing/index.ts";
import { leakCheck } from "../support/leaks.ts";

const greet: Program = async ({ cmd, env, stdout, stderr }) => {
  await stdout.write(`hello ${cmd[1] ?? env["NAME"]}\n`);
  await stderr.write("done\n");
  return 3;
};

const echo: Program = async ({ stdin, stdout }) => {
  for await (const bytes of stdin) {
    await stdout.write(bytes);
  }
};

const forever: Program = ({ signal, clock }) =>
  clock.sleep(1e9, signal).then(() => (signal.reason === "SIGTERM" ? 15 : 1));

async function withEngine(body: (docker: Docker, engine: EmbeddedEngine) => Promise<void>): Promise<void> {
  await using engine = await startEngine();
  engine.image("greet", greet);
  engine.image("echo", echo);
  engine.image("forever:1", forever);
  await using docker = new Docker({ host: engine.host });
  await body(docker, engine);
}

describe("containers of an embedded engine", () => {
  leakCheck();

  it("run their program, which gets its command and environment", () =>
    withEngine(async (docker) => {
      const { exitCode, stdout, stderr } = await docker.containers.run({ Image: "greet", Cmd: ["greet", "you"] });
      assert.deepEqual([exitCode, stdout, stderr], [3, "hello you\n", "done\n"]);
      const named = await docker.containers.run({ Image: "greet", Env: ["NAME=world"] });
      assert.equal(named.stdout, "hello world\n");
      assert.deepEqual(await docker.containers.list({ all: true }), []);
    }));

  it("read what is piped in", () =>
    withEngine(async (docker) => {
      const { stdout } = await docker.containers.run({ Image: "echo" }, { stdin: "x".repeat(1_000_000) });
      assert.equal(stdout.length, 1_000_000);
    }));

  it("are told to stop, and killed when their time is over", () =>
    withEngine(async (docker) => {
      const { Id } = await docker.containers.create({ Image: "forever:1" });
      await docker.containers.start(Id);
      await docker.containers.stop(Id);
      assert.equal((await docker.containers.inspect(Id)).State.ExitCode, 15);
    }));

  it("take further commands, and keep their log", () =>
    withEngine(async (docker) => {
      const { Id } = await docker.containers.create({ Image: "forever:1" }, { name: "web" });
      await docker.containers.start("web");
      const { exitCode } = await docker.containers
        .exec(Id.slice(0, 8), ["anything"], { timeoutMs: 100 })
        .catch(() => ({ exitCode: -1 }));
      assert.equal(exitCode, -1);
      const greeter = await docker.containers.create({ Image: "greet" });
      await docker.containers.start(greeter.Id);
      assert.equal((await docker.containers.wait(greeter.Id)).StatusCode, 3);
      assert.equal(await docker.containers.logs(greeter.Id, { stdout: true }).text(), "hello undefined\n");
    }));

  it("tell what happens to them", () =>
    withEngine(async (docker) => {
      const events = await docker.system.events({ filters: { type: ["container"] } });
      await docker.containers.run({ Image: "greet" });
      const actions: string[] = [];
      for await (const { Action } of events) {
        actions.push(Action);
        if (Action === "destroy") break;
      }
      assert.deepEqual(actions, ["create", "attach", "start", "die", "destroy"]);
    }));

  it("wait by the clock, which can be stopped", () =>
    withEngine(async (docker, engine) => {
      engine.image("nap", ({ clock }) => clock.sleep(3_600_000));
      engine.clock.stop();
      const { Id } = await docker.containers.create({ Image: "nap" });
      await docker.containers.start(Id);
      const exit = docker.containers.wait(Id);
      await engine.clock.advance(3_600_000);
      assert.equal((await exit).StatusCode, 0);
    }));
});
