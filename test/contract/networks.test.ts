import assert from "node:assert/strict";
import { afterEach, it } from "node:test";
import { forEachEngine, testLabels } from "../support/engines.ts";
import { fails, failsInOneWay, freshName, isOldPodman, nobody, succeeds, until, useWorkbench } from "./support.ts";

const label = Object.entries(testLabels).map(([key, value]) => `${key}=${value}`);
const unknown = /network .*not found|network not found|invalid cluster node/i;

forEachEngine("networks", (engine) => {
  const { docker, create, start } = useWorkbench(engine);
  const made = new Set<string>();
  const network = async ({ Name = freshName(), ...spec }: { Name?: string; Internal?: boolean } = {}) => {
    made.add(Name);
    await docker.networks.create({ Name, Labels: { ...testLabels }, ...spec });
    return Name;
  };
  afterEach(async () => {
    for (const { Id } of await docker.containers.list({ all: true, filters: { label } })) {
      await docker.containers.remove(Id, { force: true });
    }
    await Promise.all([...made].map((name) => docker.networks.remove(name).outcome()));
    made.clear();
  });

  it("are created, listed, inspected and removed", async () => {
    const Name = freshName();
    made.add(Name);
    const spec = { Name, Internal: true, Labels: { ...testLabels } };
    const { Id } = await succeeds(docker.networks.create(spec), "Succeeded", 201);
    const listed = await succeeds(docker.networks.list({ filters: { label } }), "Succeeded", 200);
    assert.deepEqual(
      listed.map((each) => each.Name),
      [Name],
    );
    for (const id of [Id, Id.slice(0, 12), Name]) {
      const inspected = await succeeds(docker.networks.inspect(id), "Succeeded", 200);
      assert.deepEqual([inspected.Id, inspected.Internal, inspected.Driver], [Id, true, "bridge"]);
    }
    assert.equal(await succeeds(docker.networks.remove(Id), "Succeeded", 204), undefined);
    await fails(docker.networks.inspect(Id), "NoSuchNetwork", 404, unknown);
    await fails(docker.networks.remove(Id), "NoSuchNetwork", 404, unknown);
  });

  it("have names that are not given twice", async () => {
    const Name = await network();
    const call = docker.networks.create({ Name, CheckDuplicate: true });
    await ((await isOldPodman(engine))
      ? fails(call, "ServerError", 500, /already/)
      : fails(call, "NameInUse", 409, /already/));
  });

  it("are not created with the engine's own names, without a name, or with a driver that is not there", async () => {
    const { isPodman } = await engine.facts();
    const host = () => docker.networks.create({ Name: "host" });
    const driverless = () => docker.networks.create({ Name: freshName(), Driver: "no-such-driver" });
    if (isPodman) {
      await fails(host(), "ServerError", 500, /conflicts/);
      await fails(driverless(), "ServerError", 500, /no-such-driver/);
      return;
    }
    // The manager of a swarm, which other tests may make of the engine, has looked among the swarm's networks before, where
    // `host` is one (moby:daemon/server/router/network/network_routes.go, postNetworkCreate).
    await failsInOneWay(host(), [["Forbidden", 403] as const, ["NameInUse", 409]], /predefined|already exists/);
    await fails(driverless(), "NoSuchPlugin", 404, /no-such-driver/);
    await failsInOneWay(docker.networks.create({ Name: "" }), [["BadParameter", 400] as const, ["ServerError", 500]]);
  });

  it("need not be there before a container starts in them", async () => {
    const Name = freshName();
    if ((await engine.facts()).isPodman) return;
    const id = await create({ HostConfig: { NetworkMode: Name } });
    await fails(docker.containers.start(id), "NoSuchContainer", 404, /network .* not found/);
    const state = (await docker.containers.inspect(id)).State ?? {};
    assert.deepEqual([state.Status, state.ExitCode, state.Error?.includes(Name)], ["created", 128, true]);
    await network({ Name });
    await docker.containers.start(id);
    const { Networks } = (await docker.containers.inspect(id)).NetworkSettings ?? {};
    assert.deepEqual(Object.keys(Networks ?? {}), [Name]);
  });

  it("connect containers under the names that they are given, and disconnect them", async () => {
    const Name = await network();
    const id = await start();
    const endpoint = { Container: id, EndpointConfig: { Aliases: ["www"] } };
    assert.equal(await succeeds(docker.networks.connect(Name, endpoint), "Succeeded", 200), undefined);
    const { Containers } = await docker.networks.inspect(Name);
    assert.deepEqual(Object.keys(Containers ?? {}), [id]);
    const { NetworkSettings } = await docker.containers.inspect(id);
    assert.ok(NetworkSettings?.Networks?.[Name]?.Aliases?.includes("www"));
    assert.equal(await succeeds(docker.networks.disconnect(Name, { Container: id }), "Succeeded", 200), undefined);
    assert.equal((await docker.containers.inspect(id)).NetworkSettings?.Networks?.[Name], undefined);
  });

  it("do not connect what is not there", async () => {
    const Name = await network();
    const id = await start(); // Docker connects one that does not run to anything, and fails when it is started
    const absent = { Container: nobody };
    await fails(docker.networks.connect(Name, absent), "NoSuchNetworkOrContainer", 404, /no.*such container/i);
    await fails(docker.networks.disconnect(Name, absent), "NoSuchNetworkOrContainer", 404, /no.*such container/i);
    // While the engine is in a swarm it asks the swarm too.
    const ways = [["NoSuchNetworkOrContainer", 404] as const, ["ServerError", 500] as const];
    await failsInOneWay(docker.networks.connect(nobody, { Container: id }), ways, unknown);
    await fails(docker.networks.disconnect(nobody, { Container: id }), "NoSuchNetworkOrContainer", 404, unknown);
  });

  it("of the engine itself take no more connections, and stay", async () => {
    const { isPodman } = await engine.facts();
    const removal = docker.networks.remove(isPodman ? "podman" : "bridge");
    if (isPodman) {
      await fails(removal, "ServerError", 500, /default network|associated containers/);
      return;
    }
    await fails(removal, "Forbidden", 403, /pre-defined/);
    const id = await start();
    await fails(docker.networks.connect("host", { Container: id }), "BadParameter", 400, /host network/);
  });

  it("do not connect a container twice", async () => {
    const Name = await network();
    const id = await start();
    await docker.networks.connect(Name, { Container: id });
    const call = docker.networks.connect(Name, { Container: id });
    await ((await isOldPodman(engine))
      ? fails(call, "ServerError", 500, /already/)
      : fails(call, "Forbidden", 403, /already/));
  });

  it("with a container in it is not removed by mistake", async () => {
    const { isPodman } = await engine.facts();
    const Name = await network();
    const id = await start();
    await docker.networks.connect(Name, { Container: id });
    const call = docker.networks.remove(Name);
    await (isPodman
      ? failsInOneWay(call, [["Forbidden", 403] as const, ["ServerError", 500]], /being used|in use/)
      : fails(call, "Forbidden", 403, /active endpoints/));
  });

  it("that nothing uses are pruned", async () => {
    const [unused, used] = [await network(), await network()];
    const id = await start();
    await docker.networks.connect(used, { Container: id });
    const { isPodman } = await engine.facts();
    const prune = async () => {
      let deleted: readonly string[] = [];
      await until(async () => {
        const outcome = await docker.networks.prune({ filters: { label } }).outcome();
        // Podman stumbles over a container that another test removes meanwhile.
        if (isPodman && outcome.kind === "ServerError") return false;
        assert.ok(outcome.kind === "Succeeded" && outcome.status === 200);
        deleted = outcome.value.NetworksDeleted ?? [];
        return true;
      }, "no container goes away");
      return deleted;
    };
    const deleted = await prune();
    if (!isPodman) assert.deepEqual(deleted, [unused]); // Podman may have removed it before it stumbled
    await fails(docker.networks.inspect(unused), "NoSuchNetwork", 404);
    assert.deepEqual(await prune(), []);
    await docker.networks.inspect(used);
  });

  it("are not listed or pruned by a filter that the engine does not know", async () => {
    const { isPodman } = await engine.facts();
    const filters = { nonsense: ["x"] } as object; // not a key that the types have
    const listing = docker.networks.list({ filters });
    await (isPodman ? fails(listing, "ServerError", 500, /nonsense/) : fails(listing, "BadParameter", 400, /nonsense/));
    const pruning = docker.networks.prune({ filters });
    await (isPodman ? fails(pruning, "ServerError", 500, /nonsense/) : fails(pruning, "BadParameter", 400, /nonsense/));
  });
});
