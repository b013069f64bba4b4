import assert from "node:assert/strict";
import { afterEach, it } from "node:test";
import { InvalidRequestError } from "../../src/index.ts";
import { forEachEngine, forEachSwarmEngine, testLabels } from "../support/engines.ts";
import { fails, failsUndocumented, freshName, nobody, succeeds, useWorkbench } from "./support.ts";
import { useAlone, useSwarm } from "./swarm-support.ts";

const label = Object.entries(testLabels).map(([key, value]) => `${key}=${value}`);
const Labels = { ...testLabels };
const unknown = /no (such )?volume|volume .* not found/i;

forEachEngine("volumes", (engine) => {
  const { docker, create } = useWorkbench(engine);
  const made = new Set<string>();
  const volume = async () => {
    const Name = freshName();
    made.add(Name);
    await docker.volumes.create({ Name, Labels });
    return Name;
  };
  afterEach(async () => {
    for (const { Id } of await docker.containers.list({ all: true, filters: { label } })) {
      await docker.containers.remove(Id, { force: true });
    }
    await Promise.all([...made].map((name) => docker.volumes.remove(name, { force: true }).outcome()));
    made.clear();
  });

  it("are created, listed, inspected and removed", async () => {
    const Name = freshName();
    made.add(Name);
    const volume = await succeeds(docker.volumes.create({ Name, Labels }), "Succeeded", 201);
    assert.deepEqual([volume.Name, volume.Driver, volume.Labels], [Name, "local", Labels]);
    const { Volumes } = await succeeds(docker.volumes.list({ filters: { label } }), "Succeeded", 200);
    assert.deepEqual(
      Volumes?.map((each) => each.Name),
      [Name],
    );
    assert.equal((await succeeds(docker.volumes.inspect(Name), "Succeeded", 200)).Mountpoint, volume.Mountpoint);
    assert.equal(await succeeds(docker.volumes.remove(Name), "Succeeded", 204), undefined);
    await fails(docker.volumes.inspect(Name), "NoSuchVolume", 404, unknown);
  });

  it("are given a name if they have none", async () => {
    const { Name } = await docker.volumes.create();
    made.add(Name);
    assert.match(Name, /^[0-9a-f]{64}$/);
  });

  it("that are there already are the answer to their creation", async () => {
    const Name = await volume();
    const again = await succeeds(docker.volumes.create({ Name, Labels: { other: "label" } }), "Succeeded", 201);
    assert.deepEqual(again.Labels, Labels);
  });

  it("are not created with a driver, an option or a name that the engine does not have", async () => {
    const { isPodman } = await engine.facts();
    const driverless = docker.volumes.create({ Driver: "no-such-driver" });
    await (isPodman
      ? fails(driverless, "ServerError", 500, /no-such-driver/)
      : fails(driverless, "NoSuchPlugin", 404, /no-such-driver/));
    for (const spec of [{ DriverOpts: { nonsense: "x" } }, { Name: "no/name" }]) {
      const call = docker.volumes.create(spec);
      await (isPodman ? fails(call, "ServerError", 500) : fails(call, "BadParameter", 400));
    }
  });

  it("that are not there are not removed, but may be by force", async () => {
    await fails(docker.volumes.remove(nobody), "NoSuchVolume", 404, unknown);
    await succeeds(docker.volumes.remove(nobody, { force: true }), "Succeeded", 204);
  });

  it("that a container has are not removed", async () => {
    const Name = await volume();
    await create({ HostConfig: { Binds: [`${Name}:/data`] } });
    await fails(docker.volumes.remove(Name), "VolumeInUse", 409, /in use|being used/);
  });

  it("that no container has are pruned: the nameless ones, and the named ones on demand", async () => {
    const [used, unused] = [await volume(), await volume()];
    await create({ HostConfig: { Binds: [`${used}:/data`] } });
    const nameless = (await docker.volumes.create({ Labels })).Name;
    made.add(nameless);
    const { isPodman, apiVersion } = await engine.facts();
    const prunesNamed = isPodman || Number(apiVersion.slice(2)) < 42;
    const first = await succeeds(docker.volumes.prune({ filters: { label } }), "Succeeded", 200);
    assert.deepEqual(first.VolumesDeleted?.toSorted(), (prunesNamed ? [unused, nameless] : [nameless]).sort());
    assert.equal(typeof first.SpaceReclaimed, "number");
    if (!prunesNamed) {
      const second = await docker.volumes.prune({ filters: { label, all: ["true"] } });
      assert.deepEqual(second.VolumesDeleted, [unused]);
    }
    await docker.volumes.inspect(used);
  });

  it("are not listed or pruned by a filter that the engine does not know", async () => {
    const { isPodman } = await engine.facts();
    const filters = { nonsense: ["x"] } as object; // not a key that the types have
    const pruning = docker.volumes.prune({ filters });
    await (isPodman ? fails(pruning, "ServerError", 500, /nonsense/) : fails(pruning, "BadParameter", 400, /nonsense/));
    const listing = docker.volumes.list({ filters });
    await (isPodman ? fails(listing, "ServerError", 500, /nonsense/) : fails(listing, "BadParameter", 400, /nonsense/));
  });
});

forEachSwarmEngine("volumes without a swarm", (engine) => {
  useAlone(engine);
  const { docker } = useWorkbench(engine);

  it("cannot be changed", async () => {
    const { isPodman, apiVersion } = await engine.facts();
    const call = docker.volumes.update(nobody, { Spec: { Group: "other" } }, { version: 1 });
    if (Number(apiVersion.slice(2)) < 42) {
      await assert.rejects(call, (error) => error instanceof InvalidRequestError && /API 1\.42/.test(error.message));
    } else if (isPodman) {
      await failsUndocumented(call, 405, /not allowed/i);
    } else {
      await fails(call, "NotInSwarm", 503, /cluster volumes/);
    }
  });
});

forEachSwarmEngine("volumes in a swarm", (engine) => {
  useSwarm(engine);
  const { docker } = useWorkbench(engine);

  it("cannot be changed if they are not the swarm's", async () => {
    const { isPodman, apiVersion } = await engine.facts();
    if (!isPodman && Number(apiVersion.slice(2)) >= 42) {
      const call = docker.volumes.update(nobody, { Spec: { Availability: "drain" } }, { version: 1 });
      await fails(call, "NoSuchVolume", 404, /not found/);
    }
  });
});
