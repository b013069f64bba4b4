import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Docker, StatusError } from "../../src/index.ts";
import { type EmbeddedEngine, type Program, startEngine } from "../../src/testing/index.ts";
import { leakCheck } from "../support/leaks.ts";

const greet: Program = async ({ stdout, files }) => {
  await stdout.write(files.stat("/etc/motd") ? files.readFile("/etc/motd") : "hello\n");
};

async function withEngine(body: (docker: Docker, engine: EmbeddedEngine) => Promise<void>): Promise<void> {
  await using engine = await startEngine();
  await using docker = new Docker({ host: engine.host });
  await docker.images.remove("busybox"); // which every engine has
  await body(docker, engine);
}

async function refusal(call: PromiseLike<unknown>, status: number, message: string): Promise<void> {
  const error = await call.then(
    () => assert.fail("it was not refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StatusError, String(error));
  assert.deepEqual([error.status, error.engineMessage], [status, message]);
}

describe("images of an embedded engine", () => {
  leakCheck();

  it("have the files and the configuration that they are made with", () =>
    withEngine(async (docker, engine) => {
      engine.image("greet", greet, { config: { Labels: { a: "b" } }, files: { "/etc/motd": "welcome\n" } });
      const { RepoTags, Size, RootFS, Config } = await docker.images.inspect("greet");
      assert.deepEqual([RepoTags, Size, RootFS.Layers?.length], [["greet:latest"], 8, 1]);
      assert.deepEqual([Config.Labels, Config.Cmd], [{ a: "b" }, ["greet"]]);
      assert.equal((await docker.containers.run({ Image: "greet" })).stdout, "welcome\n");
    }));

  it("are found by name, by id, and by the beginning of their id", () =>
    withEngine(async (docker, engine) => {
      engine.image("tools/greet:1", greet);
      const { Id } = await docker.images.inspect("docker.io/tools/greet:1");
      assert.equal((await docker.images.inspect(Id)).Id, Id);
      assert.equal((await docker.images.inspect(Id.slice(7, 19))).Id, Id);
      await refusal(docker.images.inspect("greet"), 404, "No such image: greet:latest");
      const upper = "invalid reference format: repository name (library/GREET) must be lowercase";
      await refusal(docker.images.inspect("GREET"), 400, upper);
    }));

  it("are listed, the youngest first, and narrowed down", () =>
    withEngine(async (docker, engine) => {
      engine.clock.stop();
      engine.image("one", greet, { config: { Labels: { kind: "small" } } });
      await engine.clock.advance(1000);
      engine.image("two:x", greet);
      const names = async (filters?: Parameters<typeof docker.images.list>[0]) =>
        (await docker.images.list(filters)).flatMap(({ RepoTags }) => RepoTags);
      assert.deepEqual(await names(), ["two:x", "one:latest"]);
      assert.deepEqual(await names({ filters: { reference: ["tw*"] } }), ["two:x"]);
      assert.deepEqual(await names({ filters: { label: ["kind=small"] } }), ["one:latest"]);
      assert.deepEqual(await names({ filters: { before: ["two:x"] } }), ["one:latest"]);
      assert.deepEqual(await names({ filters: { dangling: ["true"] } }), []);
    }));

  it("lose their names one by one, and go with the last", () =>
    withEngine(async (docker, engine) => {
      engine.image("one", greet);
      await docker.images.tag("one", { repo: "two", tag: "x" });
      const { Id } = await docker.images.inspect("one");
      const many = `conflict: unable to delete ${Id.slice(7, 19)} (must be forced) - image is referenced in multiple repositories`;
      await refusal(docker.images.remove(Id), 409, many);
      assert.deepEqual(await docker.images.remove("one"), [{ Untagged: "one:latest" }]);
      assert.deepEqual(await docker.images.remove("two:x"), [{ Untagged: "two:x" }, { Deleted: Id }]);
      assert.deepEqual(await docker.images.list(), []);
    }));

  it("stay while a container uses them", () =>
    withEngine(async (docker, engine) => {
      engine.image("one", greet);
      const user = await docker.containers.create({ Image: "one" });
      const { Id } = await docker.images.inspect("one");
      const [short, shortUser] = [Id.slice(7, 19), user.Id.slice(0, 12)];
      const reason = `container ${shortUser} is using its referenced image ${short}`;
      const named = `conflict: unable to remove repository reference "one" (must force) - ${reason}`;
      await refusal(docker.images.remove("one"), 409, named);
      const stopped = `conflict: unable to delete ${short} (must be forced) - image is being used by stopped container ${shortUser}`;
      await refusal(docker.images.remove(Id), 409, stopped);
      assert.deepEqual(await docker.images.prune({ filters: { dangling: ["false"] } }), {
        ImagesDeleted: null,
        SpaceReclaimed: 0,
      });
      const removed = await docker.images.remove("one", { force: true });
      assert.deepEqual(removed, [{ Untagged: "one:latest" }, { Deleted: Id }]);
    }));

  it("tell what happens to them", () =>
    withEngine(async (docker, engine) => {
      engine.image("one", greet);
      const events = await docker.system.events({ filters: { type: ["image"] } });
      await docker.images.tag("one", { repo: "two" });
      await docker.images.remove("one");
      await docker.images.remove("two");
      const actions: string[] = [];
      for await (const { Action } of events) {
        actions.push(Action);
        if (Action === "delete") break;
      }
      assert.deepEqual(actions, ["tag", "untag", "untag", "delete"]);
    }));
});
