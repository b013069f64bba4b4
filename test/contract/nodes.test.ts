import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachSwarmEngine } from "../support/engines.ts";
import { fails, failsUndocumented, nobody, succeeds, useWorkbench } from "./support.ts";
import { useSwarm } from "./swarm-support.ts";

forEachSwarmEngine("the one node of a swarm", (engine) => {
  const { docker } = useWorkbench(engine);
  useSwarm(engine);

  it("is nothing that Podman has", async () => {
    if ((await engine.facts()).isPodman) {
      await failsUndocumented(docker.nodes.list(), 404, /not found/i);
      await fails(docker.nodes.inspect("x"), "NotInSwarm", 503, /does not support service/);
    }
  });

  it("is listed, inspected, labelled and drained", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    const { Swarm } = await docker.system.info();
    const [node] = await succeeds(docker.nodes.list({ filters: { role: ["manager"] } }), "Succeeded", 200);
    const ID = node?.ID ?? "";
    assert.equal(ID, Swarm?.NodeID);
    const inspected = await succeeds(docker.nodes.inspect(ID), "Succeeded", 200);
    assert.deepEqual([inspected.Spec.Role, inspected.ManagerStatus?.Leader], ["manager", true]);
    const { Spec, Version } = inspected;
    const changed = { ...Spec, Availability: "drain", Labels: { rack: "1" } };
    assert.equal(
      await succeeds(docker.nodes.update(ID, changed, { version: Version.Index }), "Succeeded", 200),
      undefined,
    );
    const after = await docker.nodes.inspect(ID);
    assert.deepEqual([after.Spec.Availability, after.Spec.Labels], ["drain", { rack: "1" }]);
    const [found] = await docker.nodes.list({ filters: { "node.label": ["rack=1"] } });
    assert.equal(found?.ID, ID);
    await fails(docker.nodes.update(ID, Spec, { version: Version.Index }), "ServerError", 500, /out of sequence/);
    const king = docker.nodes.update(ID, { ...Spec, Role: "king" }, { version: after.Version.Index });
    await fails(king, "BadParameter", 400, /role/i);
  });

  it("is neither demoted nor removed, being the last manager; nor is a node that is not there", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    const [node] = await docker.nodes.list();
    const { ID = "", Spec = {}, Version } = node ?? {};
    const demoted = docker.nodes.update(ID, { ...Spec, Role: "worker" }, { version: Version?.Index ?? 0 });
    await fails(demoted, "BadParameter", 400, /last manager/);
    await fails(docker.nodes.remove(ID), "BadParameter", 400, /not down|cluster manager/);
    await fails(docker.nodes.inspect(nobody), "NoSuchNode", 404, /not found/);
    await fails(docker.nodes.update(nobody, Spec, { version: 1 }), "NoSuchNode", 404, /not found/);
    await fails(docker.nodes.remove(nobody), "NoSuchNode", 404, /not found/);
    const filters = { nonsense: ["x"] } as object; // not a key that the types have
    await fails(docker.nodes.list({ filters }), "BadParameter", 400, /nonsense/);
  });
});
