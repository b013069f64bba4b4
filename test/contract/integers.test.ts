import assert from "node:assert/strict";
import { it } from "node:test";
import { requestText } from "../support/engine-request.ts";
import { forEachEngine, testLabels } from "../support/engines.ts";
import { failsInOneWay, freshName, sleeper, useWorkbench } from "./support.ts";

forEachEngine("64-bit integers", (engine) => {
  const { docker, create, start } = useWorkbench(engine);

  it("that are the times of events keep every digit", async () => {
    const group = freshName();
    const since = Math.floor(Date.now() / 1_000);
    await create({ Labels: { ...testLabels, group } });
    const filters = { label: [`group=${group}`] };
    for await (const { timeNano } of docker.system.events({ since, filters })) {
      const query = `since=${since}&until=${Math.ceil(Date.now() / 1_000)}&filters=${encodeURIComponent(JSON.stringify(filters))}`;
      const text = await requestText(engine.host, "GET", `/events?${query}`);
      assert.equal(typeof timeNano, "bigint");
      assert.ok(text.includes(`"timeNano":${timeNano}`), `${timeNano} is not in ${text}`);
      break;
    }
  });

  it("that limit processes are bigints, small or not there", async () => {
    const id = await start({ HostConfig: { PidsLimit: 4321 } });
    const { pids_stats } = await docker.containers.stats(id, { "one-shot": true });
    assert.ok(pids_stats.limit === 4321n || pids_stats.limit === undefined, `${pids_stats.limit}`);
    const { isPodman } = await engine.facts();
    // Podman does not tell it.
    assert.equal(pids_stats.limit === undefined, isPodman);
  });

  it("that say `no limit` of memory are exact as numbers", async () => {
    const id = await start();
    const { memory_stats } = await docker.containers.stats(id, { "one-shot": true });
    const found = memory_stats.stats?.["hierarchical_memory_limit"];
    // The second version of the control groups has no such key, and Podman does not tell it.
    if (found !== undefined) {
      const text = await requestText(engine.host, "GET", `/containers/${id}/stats?stream=false&one-shot=true`);
      assert.ok(text.includes(`"hierarchical_memory_limit":${BigInt(found)}`), `${BigInt(found)} is not in ${text}`);
    }
  });

  it("that were rounded beyond their range are refused when they are sent back, and not taken for others", async () => {
    // What a limit of 2^63 - 1 is read as.
    const HostConfig = { Ulimits: [{ Name: "memlock", Soft: 1, Hard: Number(2n ** 63n - 1n) }] };
    const ways = [["BadParameter", 400] as const, ["ServerError", 500] as const];
    await failsInOneWay(
      docker.containers.create({ ...sleeper, HostConfig }),
      ways,
      /cannot unmarshal number 9223372036854776000/,
    );
  });
});
