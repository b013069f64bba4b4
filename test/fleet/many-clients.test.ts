import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Fleet } from "../../src/index.ts";
import { type EngineProxy, startProxy } from "../../src/testing/index.ts";
import { until } from "../contract/support.ts";
import { engines } from "../support/engines.ts";
import { leakCheck } from "../support/leaks.ts";
import { heapBytes } from "../support/memory.ts";

const clients = 300;

describe(`${clients} clients of one program`, { timeout: 600_000 }, () => {
  leakCheck();
  let proxy: EngineProxy;
  before(async () => {
    assert.ok(engines[0], "FAIRLEAD_TEST_ENGINES is empty: run the tests with `npm test`");
    proxy = await startProxy({ target: engines[0].host });
  });
  after(() => proxy[Symbol.asyncDispose]());

  const fleetOf = (count: number) =>
    new Fleet(Object.fromEntries(Array.from({ length: count }, (_, i) => [`engine-${i}`, { host: proxy.host }])), {
      concurrency: 50,
    });

  it("cost no socket before they are used, one each when they were, and none 30 s later", async () => {
    await using fleet = fleetOf(clients);
    assert.deepEqual([proxy.accepted, proxy.open], [0, 0]);
    for (let round = 0; round < 3; round += 1) {
      const outcomes = await fleet.run((docker) => docker.system.version());
      assert.ok(outcomes.every(({ kind }) => kind === "Succeeded"));
    }
    assert.equal(proxy.open, clients);
    await until(() => proxy.open === 0, "idle connections are closed", 60_000);
    const [again] = await fleet.run((docker) => docker.ping());
    assert.equal(again?.kind, "Succeeded");
  });

  it("cost less than 50 kB of memory each, and no socket once they are closed", async () => {
    const use = async (fleet: Fleet) => {
      const outcomes = await fleet.run((docker) => docker.ping({ timeoutMs: 60_000 }));
      assert.ok(outcomes.every(({ kind }) => kind === "Succeeded"));
    };
    const warm = fleetOf(10);
    await use(warm);
    await warm.close();
    const before = heapBytes();
    const fleet = fleetOf(clients);
    await use(fleet);
    const each = (heapBytes() - before) / clients;
    assert.ok(each < 50_000, `${each} bytes`);
    await fleet.close();
    await until(() => proxy.open === 0, "every connection is closed");
  });
});
