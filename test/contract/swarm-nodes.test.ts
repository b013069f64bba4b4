import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { Docker, type Node } from "../../src/index.ts";
import { parseEngines } from "../support/engines.ts";
import { fails, failsInOneWay, succeeds, until } from "./support.ts";
import { label, leaveOurs, leaveSwarm, ours, removeServices, serviceOf } from "./swarm-support.ts";

/** Three engines, `name=address` each, that are in no swarm, and the command that restarts the first of them. */
const { FAIRLEAD_TEST_SWARM: list = "", FAIRLEAD_TEST_SWARM_RESTART: restart, CI } = process.env;
const engines = parseEngines(list);

if (engines.length < 3) {
  const title = "swarms of three nodes are not run: no three engines in FAIRLEAD_TEST_SWARM";
  console.error(title);
  it(title, { skip: CI === undefined }, () => assert.fail(title));
} else {
  describe("a swarm of three nodes", { timeout: 600_000 }, () => swarmOfThree());
}

function swarmOfThree(): void {
  const all = engines.map(({ host }) => new Docker({ host }));
  const [manager, one, two] = all as [Docker, Docker, Docker]; // there are three
  const patience = { timeoutMs: 120_000 };
  const idOf = async (docker: Docker) => (await docker.system.info()).Swarm?.NodeID ?? "";
  const change = async (id: string, change: Partial<Node["Spec"]>) => {
    const { Spec, Version } = await manager.nodes.inspect(id);
    return manager.nodes.update(id, { ...Spec, ...change }, { version: Version.Index });
  };
  const running = async (service: string) =>
    (await manager.tasks.list({ filters: { service: [service], "desired-state": ["running"] } })).filter(
      ({ Status }) => Status.State === "running",
    );
  const join = async (docker: Docker, role: "Worker" | "Manager") => {
    const { NodeAddr } = (await manager.system.info()).Swarm ?? {};
    const { JoinTokens } = await manager.swarm.inspect();
    return docker.swarm.join({ RemoteAddrs: [`${NodeAddr}:2377`], JoinToken: JoinTokens[role] ?? "" });
  };

  before(async () => {
    for (const docker of all) {
      await leaveOurs(docker);
    }
    await manager.swarm.init({ Spec: ours });
  });
  after(async () => {
    for (const docker of [two, one, manager]) {
      await leaveSwarm(docker);
      await docker.close();
    }
  });

  it("is joined with a token of its own, and not with another", async () => {
    const { NodeAddr } = (await manager.system.info()).Swarm ?? {};
    const wrong = one.swarm.join({ RemoteAddrs: [`${NodeAddr}:2377`], JoinToken: "SWMTKN-1-wrong" });
    await failsInOneWay(wrong, [["BadParameter", 400] as const, ["ServerError", 500]], /token/);
    for (const docker of [one, two]) {
      assert.equal(await join(docker, "Worker"), undefined);
    }
    const ready = async () => (await manager.nodes.list()).filter(({ Status }) => Status.State === "ready").length;
    await until(async () => (await ready()) === 3, "all nodes are ready");
  });

  it("is managed by its manager alone", async () => {
    await fails(one.swarm.inspect(), "NotInSwarm", 503, /not a swarm manager/);
    await fails(one.nodes.list(), "NotInSwarm", 503, /not a swarm manager/);
    await fails(one.services.list(), "NotInSwarm", 503, /not a swarm manager/);
  });

  it("runs a global service on every node, and a replicated one where there is room", async () => {
    const everywhere = serviceOf("sleep 300", { Mode: { Global: {} } });
    await manager.services.deploy(everywhere, patience);
    const nodes = (await running(everywhere.Name)).map(({ NodeID }) => NodeID);
    assert.deepEqual(nodes.sort(), (await Promise.all(all.map(idOf))).sort());
    const spec = serviceOf("hostname; sleep 300", { Mode: { Replicated: { Replicas: 3 } } });
    await manager.services.deploy(spec, patience);
    assert.equal((await running(spec.Name)).length, 3);
    await until(async () => (await manager.services.logs(spec.Name).text()).trim().split("\n").length === 3, "3 lines");
    await removeServices(manager, all);
  });

  it("moves tasks away from a node that is drained", async () => {
    const spec = serviceOf("sleep 300", { Mode: { Replicated: { Replicas: 3 } } });
    await manager.services.deploy(spec, patience);
    const drained = await idOf(two);
    await change(drained, { Availability: "drain" });
    await until(async () => {
      const tasks = await running(spec.Name);
      return tasks.length === 3 && tasks.every(({ NodeID }) => NodeID !== drained);
    }, "the tasks run elsewhere");
    await change(drained, { Availability: "active" });
    await removeServices(manager, all);
  });

  it("promotes and demotes a node", async () => {
    const id = await idOf(one);
    await change(id, { Role: "manager" });
    await until(async () => (await one.nodes.list().outcome()).kind === "Succeeded", "it manages");
    await change(id, { Role: "worker" });
    await until(async () => (await one.nodes.list().outcome()).kind === "NotInSwarm", "it manages no more");
  });

  it("removes a node when it has left, or by force", async () => {
    const [first, second] = [await idOf(one), await idOf(two)];
    await fails(manager.nodes.remove(second), "BadParameter", 400, /not down/);
    assert.equal(await succeeds(two.swarm.leave(), "Succeeded", 200), undefined);
    const isDown = async () => (await manager.nodes.inspect(second)).Status.State === "down";
    await until(isDown, "it is down", 60_000); // three heartbeats must be missing
    assert.equal(await succeeds(manager.nodes.remove(second), "Succeeded", 200), undefined);
    await fails(manager.nodes.inspect(second), "NoSuchNode", 404, /not found/);
    await succeeds(manager.nodes.remove(first, { force: true }), "Succeeded", 200);
    assert.equal((await manager.nodes.list()).length, 1);
    await leaveSwarm(one);
  });

  it("is locked after a restart until it is unlocked", async (t) => {
    if (restart === undefined) {
      t.skip("not run: no command in FAIRLEAD_TEST_SWARM_RESTART");
      return;
    }
    const { Spec, Version } = await manager.swarm.inspect();
    const locked = { ...Spec, EncryptionConfig: { AutoLockManagers: true } };
    await manager.swarm.update(locked, { version: Version.Index });
    const key = await manager.swarm.unlockKey();
    await promisify(execFile)("sh", ["-c", restart]);
    const state = async () => (await manager.system.info()).Swarm?.LocalNodeState;
    await until(async () => (await state().catch(() => undefined)) === "locked", "it is locked");
    await fails(manager.swarm.inspect(), "NotInSwarm", 503, /encrypted/);
    const wrong = manager.swarm.unlock({ UnlockKey: "SWMKEY-1-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" });
    await fails(wrong, "Unauthorized", 401, /invalid key/);
    assert.equal(await succeeds(manager.swarm.unlock(key), "Succeeded", 200), undefined);
    await until(async () => (await state()) === "active", "it is unlocked");
    assert.equal((await manager.swarm.inspect()).Spec.EncryptionConfig?.AutoLockManagers, true);
  });

  it("leaves nothing behind", async () => {
    for (const docker of all) {
      const containers = await docker.containers.list({ all: true, filters: { label: [...label] } });
      assert.deepEqual(containers, []);
    }
  });
}
