import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Call, CheckpointCreateRequest } from "../../src/index.ts";
import { checkAnswer } from "../support/check-answer.ts";
import { forEachEngine, parseEngines, type TestEngine } from "../support/engines.ts";
import { fails, failsUndocumented, nobody, succeeds, until, useWorkbench } from "./support.ts";

/** Engines with experimental features and a CRIU that they can use, `name=address` each. */
const { FAIRLEAD_TEST_CHECKPOINTS: list = "", CI } = process.env;
const experimental = parseEngines(list);

/** Counts up for ever. Docker 28.5 cannot restore a network of the container's own: it mounts `/proc/0/ns/net`. */
const counter = {
  Cmd: ["sh", "-c", "i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done"],
  HostConfig: { NetworkMode: "host" },
};

forEachEngine("checkpoints", (engine) => {
  const { docker, start } = useWorkbench(engine);
  const { containers } = docker;

  it("need an engine with experimental features", async () => {
    const { isPodman } = await engine.facts();
    const { ExperimentalBuild } = await docker.system.info();
    const id = await start();
    if (isPodman) {
      const message = /not found/i; // it has no such route
      await fails(containers.listCheckpoints(id), "NoSuchContainer", 404, message);
      await fails(containers.createCheckpoint(id, { CheckpointID: "one" }), "NoSuchContainer", 404, message);
      await fails(containers.removeCheckpoint(id, "one"), "NoSuchContainer", 404, message);
    } else if (ExperimentalBuild) {
      assert.equal((await succeeds(containers.listCheckpoints(id), "Succeeded", 200))?.length ?? 0, 0);
    } else {
      const message = /experimental/;
      await fails(containers.listCheckpoints(id), "NotSupported", 501, message);
      await fails(containers.createCheckpoint(id, { CheckpointID: "one" }), "NotSupported", 501, message);
      await fails(containers.removeCheckpoint(id, "one"), "NotSupported", 501, message);
    }
  });
});

if (experimental.length === 0) {
  const title = "checkpoints are not made: no engine in FAIRLEAD_TEST_CHECKPOINTS";
  console.error(title);
  it(title, { skip: CI === undefined }, () => assert.fail(title));
}
for (const engine of experimental) {
  describe(`checkpoints on ${engine.name}`, { timeout: 600_000 }, () => checkpoints(engine));
}

function checkpoints(engine: TestEngine): void {
  const { docker, create, start } = useWorkbench(engine);
  const { containers } = docker;
  const counted = async (id: string) => (await containers.logs(id).text()).trim().split("\n").map(Number);
  const make = (id: string, checkpoint: CheckpointCreateRequest) =>
    succeedsOnceCollected(() => containers.createCheckpoint(id, checkpoint), 201);
  const namesOf = async (id: string, dir?: string) => {
    const found = await succeeds(containers.listCheckpoints(id, { ...(dir && { dir }) }), "Succeeded", 200);
    assert.deepEqual(checkAnswer("CheckpointList", 200, found).problems, []);
    return (found ?? []).map(({ Name }) => Name).sort();
  };

  it("are made of a container that runs on, listed and removed", async () => {
    const id = await start(counter);
    assert.deepEqual(await namesOf(id), []);
    await make(id, { CheckpointID: "one" });
    await make(id, { CheckpointID: "two" });
    assert.deepEqual(await namesOf(id), ["one", "two"]);
    assert.equal((await containers.inspect(id)).State.Status, "running");
    assert.equal(await succeeds(containers.removeCheckpoint(id, "one"), "Succeeded", 204), undefined);
    assert.deepEqual(await namesOf(id), ["two"]);
  });

  it("stop a container, which goes on from there when it is started", async () => {
    const id = await start(counter);
    await until(async () => (await counted(id)).length > 3, "it has counted");
    await make(id, { CheckpointID: "later", Exit: true });
    await until(async () => (await containers.inspect(id)).State.Status === "exited", "it has ended");
    const before = await counted(id);
    await succeedsOnceCollected(() => containers.start(id, { checkpoint: "later" }), 204);
    await until(async () => (await counted(id)).length > before.length + 3, "it counts again");
    const numbers = await counted(id);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
  });

  it("lie in another folder if one is named, from which no container is started", async () => {
    const dir = "/tmp/fairlead-checkpoints";
    const id = await start(counter);
    await make(id, { CheckpointID: "there", CheckpointDir: dir, Exit: true });
    assert.deepEqual([await namesOf(id), await namesOf(id, dir)], [[], ["there"]]);
    await until(async () => (await containers.inspect(id)).State.Status === "exited", "it has ended");
    const restored = containers.start(id, { checkpoint: "there", "checkpoint-dir": dir });
    await failsUndocumented(restored, 403, /custom checkpointdir is not supported/);
    await containers.removeCheckpoint(id, "there", { dir });
    assert.deepEqual(await namesOf(id, dir), []);
  });

  it("are refused for containers that are not there or do not run, and under names that are taken or none", async () => {
    const one = { CheckpointID: "one" };
    const id = await start(counter);
    await make(id, one);
    await fails(containers.createCheckpoint(id, one), "ServerError", 500, /already exists/);
    await fails(containers.createCheckpoint(id, { CheckpointID: "a/b" }), "ServerError", 500, /Invalid checkpoint ID/);
    await fails(containers.createCheckpoint(await create(), one), "ContainerNotRunning", 409, /not running/);
    await fails(containers.createCheckpoint(nobody, one), "NoSuchContainer", 404, /no such container/i);
    await fails(containers.listCheckpoints(nobody), "NoSuchContainer", 404, /no such container/i);
    await fails(containers.removeCheckpoint(nobody, "one"), "NoSuchContainer", 404, /no such container/i);
    await fails(containers.removeCheckpoint(id, "two"), "ServerError", 500, /does not exist/);
    await fails(containers.start(await create(), { checkpoint: "one" }), "ServerError", 500, /does not exist/);
  });
}

/**
 * Makes the call, again and again while containerd holds the same content from an earlier checkpoint and so refuses it:
 * Docker lets go of that content at once, and containerd collects it some time later.
 */
async function succeedsOnceCollected<O extends { readonly kind: string; readonly status: number }>(
  make: () => Call<void, O>,
  status: number,
): Promise<void> {
  let call = make();
  await until(async () => {
    const isHeld = /content sha256:\w+: already exists/.test(JSON.stringify(await call.outcome()));
    if (isHeld) call = make();
    return !isHeld;
  }, "containerd has collected what an earlier checkpoint left");
  assert.equal(await succeeds(call, "Succeeded", status), undefined);
}
