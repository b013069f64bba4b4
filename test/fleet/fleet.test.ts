import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  AbortError,
  ConnectError,
  Docker,
  type DockerOptions,
  Fleet,
  type FleetEvent,
  InvalidRequestError,
  TimeoutError,
} from "../../src/index.ts";
import { type EngineProxy, startProxy } from "../../src/testing/index.ts";
import { until } from "../contract/support.ts";
import { engines, testImage, testLabels } from "../support/engines.ts";
import { leakCheck } from "../support/leaks.ts";

const [first] = engines;
assert.ok(first, "FAIRLEAD_TEST_ENGINES is empty: run the tests with `npm test`");

/** Every test engine by its name; three at least, so that there is something to merge. */
const real: Readonly<Record<string, DockerOptions>> = Object.fromEntries([
  ...engines.map(({ name, host }) => [name, { host }]),
  ["again", { host: first.host }],
  ["once-more", { host: first.host }],
]);
const nowhere = { host: "unix:///nonexistent/docker.sock" };

describe("a fleet", { timeout: 600_000 }, () => {
  leakCheck();

  it("does the same on every engine, and says what each came to, in its order", async () => {
    await using fleet = new Fleet({ ...real, nowhere });
    const outcomes = await fleet.run((docker) => docker.system.version());
    assert.deepEqual(
      outcomes.map(({ engine }) => engine),
      [...Object.keys(real), "nowhere"],
    );
    for (const outcome of outcomes) {
      if (outcome.engine === "nowhere") {
        assert.ok(outcome.kind === "Failed" && outcome.error instanceof ConnectError);
      } else {
        assert.ok(outcome.kind === "Succeeded" && outcome.value.Version, outcome.engine);
      }
    }
  });

  it("works on no more engines at once than it is told", async () => {
    await using fleet = new Fleet(real, { concurrency: 2 });
    let atOnce = 0;
    let most = 0;
    await fleet.run(async (docker) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await docker.ping();
      await delay(20);
      atOnce -= 1;
    });
    assert.equal(most, 2);
  });

  it("is not held back by an engine that hangs", async () => {
    await using fleet = new Fleet({ ...real, hangs: real[first.name] ?? {} }, { concurrency: 2 });
    const work = (docker: Docker, engine: string, signal: AbortSignal) =>
      engine === "hangs" ? follow(docker, signal) : docker.ping({ signal, timeoutMs: 60_000 });
    const outcomes = await fleet.run<unknown>(work, { timeoutMs: 10_000 });
    const failed = outcomes.filter(({ kind }) => kind === "Failed");
    assert.deepEqual(
      failed.map(({ engine }) => engine),
      ["hangs"],
    );
    assert.ok(failed[0]?.kind === "Failed" && failed[0].error instanceof TimeoutError);
    assert.equal(failed[0].error.limitMs, 10_000);
  });

  it("gives what the work throws, even at once, as the outcome", async () => {
    await using fleet = new Fleet({ one: nowhere });
    const bug = new TypeError("a bug");
    const outcomes = await fleet.run(() => {
      throw bug;
    });
    assert.deepEqual(outcomes, [{ engine: "one", kind: "Failed", error: bug }]);
  });

  it("ends its work when the signal is aborted, also where the work does not listen", async () => {
    await using fleet = new Fleet(real, { concurrency: 1 });
    const controller = new AbortController();
    let begun = 0;
    const running = fleet.run(
      () => {
        begun += 1;
        return new Promise<never>(() => {});
      },
      { signal: controller.signal },
    );
    controller.abort("enough");
    const outcomes = await running;
    assert.equal(begun, 1);
    assert.equal(outcomes.length, Object.keys(real).length);
    for (const outcome of outcomes) {
      assert.ok(outcome.kind === "Failed" && outcome.error instanceof AbortError && outcome.error.cause === "enough");
    }
  });

  it("closes what it made, and leaves the clients that it was given", async () => {
    await using given = new Docker({ host: first.host });
    const fleet = new Fleet({ ...real, given });
    assert.equal(fleet.engines.get("given"), given);
    const running = fleet.run((docker, _, signal) => follow(docker, signal));
    const events = fleet.events();
    await events.next();
    await fleet.close();
    for (const outcome of await running) {
      assert.ok(outcome.kind === "Failed" && outcome.error instanceof AbortError);
    }
    await assert.rejects(async () => {
      for await (const _ of events);
    }, AbortError);
    const [later] = await fleet.run((docker) => docker.ping());
    assert.ok(later?.kind === "Failed" && later.error instanceof AbortError);
    await assert.rejects(fleet.events().next(), AbortError);
    await given.ping();
  });

  it("refuses what makes no sense before anything is sent", async () => {
    assert.throws(() => new Fleet({}, { concurrency: 0 }), InvalidRequestError);
    assert.throws(
      () => new Fleet({ fine: {}, wrong: { apiVersion: "nonsense" } }),
      (error) => error instanceof InvalidRequestError && /fleet's engine wrong: /.test(error.message),
    );
    await using fleet = new Fleet({ nowhere });
    await assert.rejects(
      fleet.run(() => 1, { timeoutMs: Number.NaN }),
      InvalidRequestError,
    );
    assert.deepEqual(await new Fleet({}).run(() => 1), []);
  });
});

describe("the events of a fleet", { timeout: 600_000 }, () => {
  leakCheck();
  let proxy: EngineProxy;
  before(async () => {
    proxy = await startProxy({ target: first.host });
  });
  after(() => proxy[Symbol.asyncDispose]());
  const filters = { type: ["container"], label: [`dev.fairlead.test=${testLabels["dev.fairlead.test"]}`] };

  it("come from all engines in one stream, each with its engine's name, and name those that are lost", async () => {
    await using fleet = new Fleet({ ...real, nowhere });
    const told: FleetEvent[] = [];
    const events = fleet.events({ filters });
    const reading = (async () => {
      for await (const event of events) told.push(event);
    })();
    const listening = () => told.filter(({ kind }) => kind === "Listening").length;
    await until(() => listening() === Object.keys(real).length, "all engines listen");
    await fleet.run(async (docker, engine) => {
      if (engine !== "nowhere") {
        const { Id } = await docker.containers.create({ Image: testImage, Labels: { ...testLabels, engine } });
        await docker.containers.remove(Id);
      }
    });
    const seen = (by: string, made: string) =>
      told.some(
        (one) =>
          one.kind === "Event" &&
          one.engine === by &&
          one.event.Action === "create" &&
          one.event.Actor.Attributes?.["engine"] === made,
      );
    await until(() => Object.keys(real).every((name) => seen(name, name)), "every engine's event has come");
    assert.ok(seen("again", "once-more"), "engines that are the same see the same");
    const lost = told.filter((one) => one.kind === "Lost");
    assert.ok(lost.length === 1 && lost[0]?.engine === "nowhere" && lost[0].error instanceof ConnectError);
    await events.close();
    await reading;
  });

  it("go on without an engine that is lost, and end with the last one", async () => {
    await using fleet = new Fleet({ cut: { host: proxy.host }, ends: { host: first.host } });
    const until = new Date(Date.now() + 10_000);
    const kinds: string[] = [];
    for await (const { kind, engine } of fleet.events({ filters: { container: ["nobody"] }, until })) {
      kinds.push(`${engine} ${kind}`);
      if (kinds.length === 2) proxy.cut();
    }
    assert.deepEqual(kinds.slice(0, 2).sort(), ["cut Listening", "ends Listening"]);
    assert.deepEqual(kinds.slice(2), ["cut Lost", "ends Ended"]);
  });

  it("close every connection when they are left or aborted", async () => {
    await using fleet = new Fleet({ one: { host: proxy.host }, two: { host: proxy.host } });
    for await (const { kind } of fleet.events({ filters })) {
      if (kind === "Listening") break;
    }
    const controller = new AbortController();
    const events = fleet.events({ filters, signal: controller.signal });
    await events.next();
    await events.next();
    const next = events.next();
    controller.abort("enough");
    await assert.rejects(next, (error) => error instanceof AbortError && error.cause === "enough");
    assert.deepEqual(await events.next(), { done: true, value: undefined });
    await fleet.close();
    await until(() => proxy.open === 0, "every connection is closed");
  });
});

/** Waits for events that never come. */
async function follow(docker: Docker, signal: AbortSignal): Promise<void> {
  for await (const _ of docker.system.events({ filters: { container: ["nobody"] }, signal }));
}
