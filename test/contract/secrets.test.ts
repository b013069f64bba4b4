import assert from "node:assert/strict";
import { afterEach, it } from "node:test";
import { forEachSwarmEngine, testLabels } from "../support/engines.ts";
import { fails, freshName, nobody, succeeds, until, useWorkbench } from "./support.ts";
import { removeServices, serviceOf, tasksOf, useAlone, useSwarm } from "./swarm-support.ts";

/** Bytes whose base64 has a plus, a slash and padding. */
const content = Buffer.from([0xfb, 0xef, 0xff, 0x00]);
const Data = content.toString("base64");

forEachSwarmEngine("secrets", (engine) => {
  const { docker } = useWorkbench(engine);
  useSwarm(engine);
  const made = new Set<string>();
  const make = async (Name: string = freshName()) => {
    const { ID } = await docker.secrets.create({ Name, Labels: { ...testLabels }, Data });
    made.add(ID);
    return { ID, Name };
  };
  afterEach(async () => {
    await Promise.all([...made].map((id) => docker.secrets.remove(id).outcome()));
    made.clear();
  });

  it("are few things to Podman, which has no swarm", async () => {
    if (!(await engine.facts()).isPodman) {
      return;
    }
    const { ID } = await docker.secrets.create({ Name: freshName(), Data });
    made.add(ID);
    assert.equal((await succeeds(docker.secrets.inspect(ID), "Succeeded", 200)).ID, ID);
    assert.ok((await succeeds(docker.secrets.list(), "Succeeded", 200)).some((each) => each.ID === ID));
    await succeeds(docker.secrets.remove(ID), "Succeeded", 204);
    await fails(docker.secrets.inspect(ID), "NoSuchSecret", 404, /no such secret/i);
  });

  it("are created, listed, inspected, relabelled and removed", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    const Name = freshName();
    const { ID } = await succeeds(docker.secrets.create({ Name, Data }), "Succeeded", 201);
    made.add(ID);
    const listed = await succeeds(docker.secrets.list({ filters: { name: [Name] } }), "Succeeded", 200);
    assert.deepEqual(
      listed.map((each) => each.ID),
      [ID],
    );
    for (const id of [ID, Name, ID.slice(0, 10)]) {
      const { Spec } = await succeeds(docker.secrets.inspect(id), "Succeeded", 200);
      assert.deepEqual([Spec.Name, Spec.Data], [Name, undefined]);
    }
    const { Spec, Version } = await docker.secrets.inspect(ID);
    const labelled = { ...Spec, Labels: { team: "web" } };
    assert.equal(
      await succeeds(docker.secrets.update(ID, labelled, { version: Version.Index }), "Succeeded", 200),
      undefined,
    );
    const changed = await docker.secrets.inspect(ID);
    assert.deepEqual(changed.Spec.Labels, { team: "web" });
    await fails(docker.secrets.update(ID, Spec, { version: Version.Index }), "ServerError", 500, /out of sequence/);
    const renamed = docker.secrets.update(ID, { ...Spec, Name: "other" }, { version: changed.Version.Index });
    await fails(renamed, "BadParameter", 400, /only updates to Labels/);
    assert.equal(await succeeds(docker.secrets.remove(ID), "Succeeded", 204), undefined);
    await fails(docker.secrets.inspect(ID), "NoSuchSecret", 404, /not found/);
  });

  it("have names that are not given twice, and content", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    const { Name } = await make();
    await fails(docker.secrets.create({ Name, Data }), "NameInUse", 409, /already exists/);
    await fails(docker.secrets.create({ Name: "", Data }), "BadParameter", 400, /name/);
    await fails(docker.secrets.create({ Name: freshName() }), "BadParameter", 400, /data/);
  });

  it("that are not there are neither changed nor removed", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    await fails(docker.secrets.update(nobody, { Name: "x" }, { version: 1 }), "NoSuchSecret", 404, /not found/);
    await fails(docker.secrets.remove(nobody), "NoSuchSecret", 404, /not found/);
  });

  it("are not listed by a filter that the engine does not know", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    const filters = { nonsense: ["x"] } as object; // not a key that the types have
    await fails(docker.secrets.list({ filters }), "BadParameter", 400, /nonsense/);
  });

  it("are read by the tasks of a service, byte for byte, and not removed meanwhile", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    const { ID, Name } = await make();
    const File = { Name: "/given", UID: "0", GID: "0", Mode: 0o444 };
    const more = { Secrets: [{ SecretID: ID, SecretName: Name, File }] };
    const spec = serviceOf("", { TaskTemplate: tasksOf("base64 /given; sleep 300", more) });
    await docker.services.deploy(spec, { timeoutMs: 120_000 });
    try {
      await until(async () => (await docker.services.logs(spec.Name).text()) === `${Data}\n`, "it is read");
      await fails(docker.secrets.remove(ID), "BadParameter", 400, /in use/);
    } finally {
      await removeServices(docker);
    }
  });
});

forEachSwarmEngine("secrets without a swarm", (engine) => {
  useAlone(engine);
  const { docker } = useWorkbench(engine);

  it("are not there", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    await fails(docker.secrets.list(), "NotInSwarm", 503, /not a swarm manager/);
    await fails(docker.secrets.create({ Name: "x", Data }), "NotInSwarm", 503, /not a swarm manager/);
    await fails(docker.secrets.inspect("x"), "NotInSwarm", 503, /not a swarm manager/);
    await fails(docker.secrets.update("x", {}, { version: 1 }), "NotInSwarm", 503, /not a swarm manager/);
    await fails(docker.secrets.remove("x"), "NotInSwarm", 503, /not a swarm manager/);
  });
});
