import assert from "node:assert/strict";
import { it } from "node:test";
import { checkAnswer } from "../support/check-answer.ts";
import { forEachSwarmEngine } from "../support/engines.ts";
import { fails, freshName, isLacking, nobody, until, useWorkbench } from "./support.ts";
import { useSwarm } from "./swarm-support.ts";

forEachSwarmEngine("volumes of a swarm", (engine) => {
  useSwarm(engine);
  const { docker } = useWorkbench(engine);

  it("are changed under their id, given the version that is changed", async () => {
    const { isPodman, apiVersion } = await engine.facts();
    if (isPodman || Number(apiVersion.slice(2)) < 42) {
      return; // the operation came with API 1.42, and Podman has no swarm
    }
    const Name = freshName();
    const ClusterVolumeSpec = {
      AccessMode: { Scope: "single", Sharing: "none", MountVolume: {} },
      Availability: "active",
    };
    const make = () => docker.request("VolumeCreate", { body: { Name, Driver: "no-such-driver", ClusterVolumeSpec } });
    if (await isLacking(engine, make)) {
      return;
    }
    const made = await make();
    assert.deepEqual(checkAnswer("VolumeCreate", 201, made).problems, []);
    const { ID = "", Version, Spec } = made.ClusterVolume ?? {};
    const input = { path: { name: ID }, parameters: { version: Version?.Index ?? 0 } };
    const change = { ...input, body: { Spec: { ...Spec, Availability: "drain" } } };
    assert.equal((await docker.request("VolumeUpdate", change).outcome()).kind, "Succeeded");
    const changed = await docker.request("VolumeInspect", { path: { name: Name } });
    assert.equal(changed.ClusterVolume?.Spec?.Availability, "drain");
    assert.deepEqual(checkAnswer("VolumeInspect", 200, changed).problems, []);
    await fails(docker.request("VolumeUpdate", change), "ServerError", 500, /out of sequence/); // the version is the old one
    const unknown = { ...change, path: { name: nobody } };
    await fails(docker.request("VolumeUpdate", unknown), "NoSuchVolume", 404, /not found/);
    const versionless = { ...change, parameters: { version: -1 } };
    await fails(docker.request("VolumeUpdate", versionless), "BadParameter", 400, /version/);
    await docker.request("VolumeDelete", { path: { name: Name }, parameters: { force: true } });
    const gone = async () =>
      (await docker.request("VolumeInspect", { path: { name: Name } }).outcome()).kind !== "Succeeded";
    await until(gone, "it is removed");
  });
});
