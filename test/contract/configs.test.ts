import assert from "node:assert/strict";
import { afterEach, it } from "node:test";
import { forEachSwarmEngine, testLabels } from "../support/engines.ts";
import { fails, failsUndocumented, freshName, nobody, succeeds, until, useWorkbench } from "./support.ts";
import { removeServices, serviceOf, tasksOf, useAlone, useSwarm } from "./swarm-support.ts";

/** Bytes whose base64 has a plus, a slash and padding. */
const content = Buffer.from([0xfb, 0xef, 0xff, 0x00]);
const Data = content.toString("base64");

forEachSwarmEngine("configs", (engine) => {
  const { docker } = useWorkbench(engine);
  useSwarm(engine);
  const made = new Set<string>();
  const make = async (Name: string = freshName()) => {
    const { ID } = await docker.configs.create({ Name, Labels: { ...testLabels }, Data });
    made.add(ID);
    return { ID, Name };
  };
  afterEach(async () => {
    await Promise.all([...made].map((id) => docker.configs.remove(id).outcome()));
    made.clear();
  });

  it("are few things to Podman, which has no swarm", async () => {
    if (!(await engine.facts()).isPodman) {
      return;
    }
    await failsUndocumented(docker.configs.list(), 404, /not found/i);
  });

  it("are created, listed, inspected, relabelled and removed", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    const Name = freshName();
    const { ID } = await succeeds(docker.configs.create({ Name, Data }), "Succeeded", 201);
    made.add(ID);
    const listed = await succeeds(docker.configs.list({ filters: { name: [Name] } }), "Succeeded", 200);
    assert.deepEqual(
      listed.map((each) => each.ID),
      [ID],
    );
    for (const id of [ID, Name, ID.slice(0, 10)]) {
      const { Spec } = await succeeds(docker.configs.inspect(id), "Succeeded", 200);
      assert.deepEqual([Spec.Name, Spec.Data], [Name, Data]);
    }
    const { Spec, Version } = await docker.configs.inspect(ID);
    const labelled = { ...Spec, Labels: { team: "web" } };
    assert.equal(
      await succeeds(docker.configs.update(ID, labelled, { version: Version.Index }), "Succeeded", 200),
      undefined,
    );
    const changed = await docker.configs.inspect(ID);
    assert.deepEqual(changed.Spec.Labels, { team: "web" });
    await fails(docker.configs.update(ID, Spec, { version: Version.Index }), "ServerError", 500, /out of sequence/);
    const renamed = docker.configs.update(ID, { ...Spec, Name: "other" }, { version: changed.Version.Index });
    await fails(renamed, "BadParameter", 400, /only updates to Labels/);
    assert.equal(await succeeds(docker.configs.remove(ID), "Succeeded", 204), undefined);
    await fails(docker.configs.inspect(ID), "NoSuchConfig", 404, /not found/);
  });

  it("have names that are not given twice, and content", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    const { Name } = await make();
    await fails(docker.configs.create({ Name, Data }), "NameInUse", 409, /already exists/);
    await fails(docker.configs.create({ Name: "", Data }), "BadParameter", 400, /name/);
    await fails(docker.configs.create({ Name: freshName() }), "BadParameter", 400, /data/);
  });

  it("that are not there are neither changed nor removed", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    await fails(docker.configs.update(nobody, { Name: "x" }, { version: 1 }), "NoSuchConfig", 404, /not found/);
    await fails(docker.configs.remove(nobody), "NoSuchConfig", 404, /not found/);
  });

  it("are not listed by a filter that the engine does not know", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    const filters = { nonsense: ["x"] } as object; // not a key that the types have
    await fails(docker.configs.list({ filters }), "BadParameter", 400, /nonsense/);
  });

  it("are read by the tasks of a service, byte for byte, and not removed meanwhile", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    const { ID, Name } = await make();
    const File = { Name: "/given", UID: "0", GID: "0", Mode: 0o444 };
    const more = { Configs: [{ ConfigID: ID, ConfigName: Name, File }] };
    const spec = serviceOf("", { TaskTemplate: tasksOf("base64 /given; sleep 300", more) });
    await docker.services.deploy(spec, { timeoutMs: 120_000 });
    try {
      await until(async () => (await docker.services.logs(spec.Name).text()) === `${Data}\n`, "it is read");
      await fails(docker.configs.remove(ID), "BadParameter", 400, /in use/);
    } finally {
      await removeServices(docker);
    }
  });
});

forEachSwarmEngine("configs without a swarm", (engine) => {
  useAlone(engine);
  const { docker } = useWorkbench(engine);

  it("are not there", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    await fails(docker.configs.list(), "NotInSwarm", 503, /not a swarm manager/);
    await fails(docker.configs.create({ Name: "x", Data }), "NotInSwarm", 503, /not a swarm manager/);
    await fails(docker.configs.inspect("x"), "NotInSwarm", 503, /not a swarm manager/);
    await fails(docker.configs.update("x", {}, { version: 1 }), "NotInSwarm", 503, /not a swarm manager/);
    await fails(docker.configs.remove("x"), "NotInSwarm", 503, /not a swarm manager/);
  });
});
