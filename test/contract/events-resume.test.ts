import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  AbortError,
  Docker,
  type EventMessage,
  type EventsOptions,
  FairleadError,
  ResponseError,
} from "../../src/index.ts";
import { type EngineProxy, startProxy } from "../../src/testing/index.ts";
import { forEachEngine, testLabels } from "../support/engines.ts";
import { freshName, sleeper, until, useWorkbench } from "./support.ts";

/** Filters for what one test does, for a resumed stream may tell what happened just before it. */
function filtersOf(group: string): EventsOptions["filters"] {
  return { type: ["container"], event: ["create", "destroy", "remove"], label: [`group=${group}`] };
}

const always = { times: Number.POSITIVE_INFINITY };

/** Breaks off connections as soon as they are made. */
function refuse(proxy: EngineProxy): void {
  proxy.faults.add(always, { kind: "reset", at: "connect" });
}

forEachEngine("events over lost connections", (engine) => {
  const { docker } = useWorkbench(engine);

  let group = "";
  let filters: EventsOptions["filters"];
  beforeEach(() => {
    group = freshName();
    filters = filtersOf(group);
  });

  /** Makes a container and removes it: two events. */
  async function happen(): Promise<void> {
    const { Id } = await docker.containers.create({ ...sleeper, Labels: { ...testLabels, group } });
    await docker.containers.remove(Id);
  }

  /** Reads through a proxy what happens while `disturb` runs, and beside it what happened. */
  async function readThrough(
    proxy: EngineProxy,
    options: EventsOptions,
    disturb: (told: readonly string[]) => Promise<void>,
  ): Promise<{ told: readonly string[]; happened: readonly string[] }> {
    await using client = new Docker({ host: proxy.host });
    const [direct, lossy] = [
      await docker.system.events({ filters }),
      await client.system.events({ filters, ...options }),
    ];
    const told: string[] = [];
    const reading = Promise.all([collect(direct), collect(lossy, told)]);
    await disturb(told);
    proxy.faults.clear();
    const { Id: last } = await docker.containers.create({ ...sleeper, Labels: { ...testLabels, group, last: "yes" } });
    const [happened] = await reading;
    await docker.containers.remove(last);
    return { told, happened };
  }

  it("come each once, whenever the connection is cut", async () => {
    await using proxy = await startProxy({ target: engine.host });
    const { told, happened } = await readThrough(proxy, { resume: true }, async (heard) => {
      for (let round = 1; round <= 6; round += 1) {
        await happen();
        proxy.cut();
        await happen();
        // An engine remembers 256 events: other tests may cause as many in the time between later and later attempts.
        await until(() => heard.length >= 4 * round, "all was heard");
      }
    });
    assert.equal(happened.length, 25);
    assert.deepEqual(told, happened);
    assert.ok(proxy.accepted > 6);
  });

  it("come each once, when connections break off after any number of bytes", async () => {
    await using proxy = await startProxy({ target: engine.host });
    const { told, happened } = await readThrough(proxy, { resume: true }, async () => {
      for (let round = 0; round < 8; round += 1) {
        proxy.faults.clear();
        proxy.faults.add(always, { kind: "end", at: "received", afterBytes: 1 + 173 * round });
        if (round === 0) proxy.cut();
        await happen();
        await delay(100);
      }
    });
    assert.deepEqual(told, happened);
  });

  it("come each once, when the engine cannot be reached for a while", async () => {
    await using proxy = await startProxy({ target: engine.host });
    const { told, happened } = await readThrough(proxy, { resume: true }, async () => {
      await happen();
      refuse(proxy);
      proxy.cut();
      await happen();
      await until(() => proxy.accepted > 3, "it was tried again and again");
      await happen();
    });
    assert.deepEqual(told, happened);
  });

  it("that happen before the first was told are not missed either", async () => {
    await using proxy = await startProxy({ target: engine.host });
    const { told, happened } = await readThrough(proxy, { resume: true }, async () => {
      refuse(proxy);
      proxy.cut();
      await happen();
    });
    assert.deepEqual(told, happened);
  });

  it("fail when the connection is lost, unless they are to be resumed", async () => {
    await using proxy = await startProxy({ target: engine.host });
    await using client = new Docker({ host: proxy.host });
    const events = await client.system.events({ filters });
    proxy.cut();
    await assert.rejects(collect(events), ResponseError);
    await until(() => proxy.open === 0, "no connection is left");
  });

  it("fail with what failed last when it is time to give up", async () => {
    await using proxy = await startProxy({ target: engine.host });
    await using client = new Docker({ host: proxy.host });
    const events = await client.system.events({ filters, resume: { giveUpAfterMs: 5_000 } });
    refuse(proxy);
    proxy.cut();
    const began = Date.now();
    await assert.rejects(collect(events), FairleadError);
    assert.ok(Date.now() - began < 10_000);
    assert.ok(proxy.accepted >= 3, `${proxy.accepted} attempts`);
  });

  for (const [way, leave] of [
    ["by their signal", (controller: AbortController) => controller.abort(new Error("enough"))],
    ["by their client's end", (_: AbortController, client: Docker) => client.close()],
  ] as const) {
    it(`are ended ${way} while they are lost`, async () => {
      await using proxy = await startProxy({ target: engine.host });
      await using client = new Docker({ host: proxy.host });
      const controller = new AbortController();
      const events = await client.system.events({ filters, resume: true, signal: controller.signal });
      refuse(proxy);
      proxy.cut();
      const reading = collect(events);
      const rejected = assert.rejects(reading, AbortError);
      await until(() => proxy.accepted >= 3, "it was tried again");
      await leave(controller, client);
      await rejected;
      await until(() => proxy.open === 0, "no connection is left");
    });
  }

  it("can be left while they are lost, and while one is waited for", async () => {
    await using proxy = await startProxy({ target: engine.host });
    await using client = new Docker({ host: proxy.host });
    for (const lost of [true, false]) {
      proxy.faults.clear();
      const events = await client.system.events({ filters, resume: true });
      const next = events.next();
      if (lost) {
        const before = proxy.accepted;
        refuse(proxy);
        proxy.cut();
        await until(() => proxy.accepted > before, "it was tried again");
      }
      await events.close();
      assert.deepEqual(await next, { done: true, value: undefined });
      await until(() => proxy.open <= 1, "the connection is closed");
    }
  });

  it("end at the moment that was asked for, over any number of connections", async () => {
    await using proxy = await startProxy({ target: engine.host });
    await using client = new Docker({ host: proxy.host });
    const end = new Date(Date.now() + 8_000);
    const events = await client.system.events({ filters, resume: true, until: end });
    const reading = collect(events);
    await happen();
    proxy.cut();
    await happen();
    await reading;
    assert.ok(Date.now() >= end.getTime() - 1_100);
    assert.ok(proxy.accepted >= 2);
  });
});

/** What is told until the container with the label `last` is made, or until the end; `told` has each as it comes. */
async function collect(events: AsyncIterable<EventMessage>, told: string[] = []): Promise<readonly string[]> {
  for await (const { Action, Actor, timeNano } of events) {
    told.push(`${timeNano} ${Action} ${Actor.ID}`);
    if (Actor.Attributes?.["last"] !== undefined) {
      break;
    }
  }
  return told;
}
