import assert from "node:assert/strict";
import { it } from "node:test";
import { Docker, type EventMessage, InvalidRequestError } from "../../src/index.ts";
import { forEachEngine, testLabels } from "../support/engines.ts";
import { useRecorder } from "./recorder.ts";
import { sleeper, succeeds, until, useWorkbench } from "./support.ts";

const label = Object.entries(testLabels).map(([key, value]) => `${key}=${value}`);

forEachEngine("the system", (engine) => {
  const { docker, create, start, run } = useWorkbench(engine);
  const recorder = useRecorder(engine);

  it("answers a ping with its versions", async () => {
    const { apiVersion } = await engine.facts();
    const ping = await succeeds(docker.system.ping(), "Succeeded", 200);
    assert.equal(ping["Api-Version"], apiVersion);
  });

  it("tells its versions", async () => {
    const { version, apiVersion } = await engine.facts();
    const answer = await succeeds(docker.system.version(), "Succeeded", 200);
    assert.deepEqual([answer.Version, answer.ApiVersion, answer.Os], [version, apiVersion, "linux"]);
  });

  it("tells about itself", async () => {
    const info = await succeeds(docker.system.info(), "Succeeded", 200);
    assert.equal(info.OSType, "linux");
    assert.ok((info.Images ?? 0) >= 1);
    assert.ok((info.MemTotal ?? 0) > 0);
  });

  it("reports in order what happens to a container, from the moment the call is answered", async () => {
    const filters = { type: ["container"], label, event: ["create", "start", "die", "died", "destroy", "remove"] };
    const events = await docker.system.events({ filters });
    const id = (await docker.containers.create({ ...sleeper, Cmd: ["true"] })).Id;
    await docker.containers.start(id);
    await docker.containers.wait(id);
    await docker.containers.remove(id);
    const seen: EventMessage[] = [];
    for await (const event of events) {
      seen.push(event);
      if (event.Action === "destroy" || event.Action === "remove") {
        break;
      }
    }
    const { isPodman } = await engine.facts();
    const actions = seen.map(({ Action }) => Action);
    // Podman has words of its own, and they changed.
    const wanted = isPodman ? /^create,start,died?,remove$/ : /^create,start,die,destroy$/;
    assert.match(actions.join(), wanted);
    for (const { Actor, Type } of seen) {
      assert.deepEqual([Actor?.ID, Type], [id, "container"]);
    }
  });

  it("keeps every digit of an event's time", async () => {
    const since = new Date(Date.now() - 1_000);
    await create();
    for await (const { time, timeNano } of docker.system.events({ since, filters: { label } })) {
      assert.equal(typeof timeNano, "bigint");
      assert.equal((timeNano ?? 0n) / 1_000_000_000n, BigInt(time ?? 0));
      break;
    }
  });

  it("ends when the events until a past moment have been told", async () => {
    const since = new Date(Date.now() - 1_000);
    const id = await run("true");
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // Podman's bounds are whole seconds
    const actions: (string | undefined)[] = [];
    for await (const { Action, Actor } of docker.system.events({ since, until: new Date(), filters: { label } })) {
      if (Actor?.ID === id) {
        actions.push(Action);
      }
    }
    const { isPodman } = await engine.facts();
    // Podman ends too, but may tell nothing before.
    if (!isPodman) {
      assert.match(actions.join(), /^create.*start.*die$/);
    }
  });

  it("closes the connection when its events are left", async () => {
    await using client = new Docker({ host: recorder.host });
    const events = await client.system.events({ filters: { label } });
    await start();
    for await (const { Type } of events) {
      assert.equal(Type, "container");
      break;
    }
    await until(() => recorder.open === 0 || recorder.connections === recorder.open + 1, "the connection is closed");
  });

  it("refuses a moment that is none", async () => {
    await assert.rejects(docker.system.events({ since: "yesterday" }), (error) => {
      assert.ok(error instanceof InvalidRequestError);
      assert.equal(error.parameter, "since");
      return true;
    });
  });
});
