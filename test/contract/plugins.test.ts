import assert from "node:assert/strict";
import { after, afterEach, it, type TestContext } from "node:test";
import { Docker } from "../../src/index.ts";
import { forEachEngine } from "../support/engines.ts";
import { pluginTar } from "../support/plugin.ts";
import { fails, failsUndocumented, freshName, isLacking, nobody, succeeds } from "./support.ts";

const { FAIRLEAD_TEST_REGISTRY: registry } = process.env;
const notThere = /not found/i;

forEachEngine("plugins", (engine) => {
  const docker = new Docker({ host: engine.host });
  const made = new Set<string>();
  const make = async (name: string = `fairlead/${freshName()}:test`) => {
    made.add(name);
    await succeeds(docker.plugins.create(name, pluginTar()), "Succeeded", 204);
    return name;
  };
  afterEach(async () => {
    await Promise.all([...made].map((name) => docker.plugins.remove(name, { force: true }).outcome()));
    made.clear();
  });
  after(() => docker.close());

  it("are nothing that Podman has", async () => {
    if ((await engine.facts()).isPodman) {
      await failsUndocumented(docker.plugins.list(), 404, /not supported/);
      await fails(docker.plugins.inspect(nobody), "NoSuchPlugin", 404, notThere);
    }
  });

  it("that are not there are neither inspected, enabled, disabled, set nor removed", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    await fails(docker.plugins.inspect(nobody), "NoSuchPlugin", 404, notThere);
    await fails(docker.plugins.enable(nobody), "NoSuchPlugin", 404, notThere);
    await fails(docker.plugins.disable(nobody), "NoSuchPlugin", 404, notThere);
    await fails(docker.plugins.set(nobody, ["A=b"]), "NoSuchPlugin", 404, notThere);
    await fails(docker.plugins.remove(nobody), "NoSuchPlugin", 404, notThere);
    const filters = { nonsense: ["x"] } as object; // not a key that the types have
    await fails(docker.plugins.list({ filters }), "BadParameter", 400, /nonsense/);
  });

  it("are listed, inspected, set and removed", async () => {
    if ((await engine.facts()).isPodman || (await isLacking(engine, () => docker.plugins.create("x", pluginTar())))) {
      return;
    }
    const name = await make();
    const listed = await succeeds(docker.plugins.list({ filters: { enabled: ["false"] } }), "Succeeded", 200);
    assert.ok(listed.some(({ Name }) => Name === name));
    const plugin = await succeeds(docker.plugins.inspect(name), "Succeeded", 200);
    assert.deepEqual([plugin.Name, plugin.Enabled, plugin.Settings.Env], [name, false, ["DEBUG=0", "FIXED=1"]]);
    assert.equal((await docker.plugins.inspect(plugin.Id ?? "")).Name, name);
    assert.equal(await succeeds(docker.plugins.set(name, ["DEBUG=1"]), "Succeeded", 204), undefined);
    assert.deepEqual((await docker.plugins.inspect(name)).Settings.Env, ["DEBUG=1", "FIXED=1"]);
    await fails(docker.plugins.set(name, ["FIXED=2"]), "ServerError", 500, /not settable/);
    assert.equal(await succeeds(docker.plugins.remove(name), "Succeeded", 200), undefined);
    await fails(docker.plugins.inspect(name), "NoSuchPlugin", 404, notThere);
  });

  it("are enabled and disabled, and neither set nor removed while they are enabled", async (t) => {
    const { isPodman, isEmbedded } = await engine.facts();
    if (isPodman || isEmbedded || !canRun(t)) {
      return;
    }
    const name = await make();
    assert.equal(await succeeds(docker.plugins.enable(name), "Succeeded", 200), undefined);
    assert.equal((await docker.plugins.inspect(name)).Enabled, true);
    const filters = { capability: ["volumedriver"], enabled: ["true"] };
    assert.ok((await docker.plugins.list({ filters })).some(({ Name }) => Name === name));
    await fails(docker.plugins.enable(name), "Conflict", 409, /already enabled/);
    await fails(docker.plugins.set(name, ["DEBUG=1"]), "ServerError", 500, /active plugin/);
    await fails(docker.plugins.remove(name), "Conflict", 409, /enabled/);
    assert.equal(await succeeds(docker.plugins.disable(name), "Succeeded", 200), undefined);
    await fails(docker.plugins.disable(name), "Conflict", 409, /already disabled/);
    await docker.plugins.enable(name, { timeout: 5 });
    await succeeds(docker.plugins.remove(name, { force: true }), "Succeeded", 200);
  });

  it("tell which privileges they want", async (t) => {
    if ((await engine.facts()).isPodman || (await isLacking(engine, () => docker.plugins.privileges("x")))) {
      return;
    }
    await fails(docker.plugins.privileges("No Name"), "ServerError", 500, /invalid reference format/);
    if (registry === undefined) {
      t.skip("not run: no registry in FAIRLEAD_TEST_REGISTRY");
      return;
    }
    const name = await make(`${registry}/fairlead/${freshName()}:test`);
    await docker.plugins.push(name);
    const privileges = await succeeds(docker.plugins.privileges(name), "Succeeded", 200);
    const wanted = new Map(privileges.map(({ Name, Value }) => [Name, Value]));
    assert.deepEqual([wanted.get("network"), wanted.get("capabilities")], [["none"], ["CAP_SYS_ADMIN"]]);
  });
});

/** The program of the plugin is for one kind of machine. */
function canRun(t: TestContext): boolean {
  if (process.arch !== "x64") {
    t.skip(`not run: the plugin is for x64, and this is ${process.arch}`);
    return false;
  }
  return true;
}
