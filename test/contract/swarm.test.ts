import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachSwarmEngine } from "../support/engines.ts";
import { fails, succeeds, useWorkbench } from "./support.ts";
import { leaveOurs, leaveSwarm, ours, useAlone } from "./swarm-support.ts";

const notInSwarm = /not a swarm manager|not part of a swarm/;

forEachSwarmEngine("a swarm", (engine) => {
  useAlone(engine);
  const { docker } = useWorkbench(engine);

  it("is not there before it is made", async () => {
    const { isPodman } = await engine.facts();
    if (isPodman) {
      await fails(docker.swarm.init(), "AlreadyInSwarm", 503, /does not support service/);
      await fails(docker.swarm.leave(), "NotInSwarm", 503, /does not support service/);
      return;
    }
    await leaveOurs(docker);
    await fails(docker.swarm.inspect(), "NotInSwarm", 503, notInSwarm);
    await fails(docker.swarm.leave(), "NotInSwarm", 503, notInSwarm);
    await fails(docker.swarm.update({ Name: "default" }, { version: 1 }), "NotInSwarm", 503, notInSwarm);
    await fails(docker.swarm.unlockKey(), "NotInSwarm", 503, notInSwarm);
    await fails(docker.swarm.unlock({ UnlockKey: "x" }), "NotInSwarm", 503, notInSwarm);
    await fails(docker.swarm.init({ ListenAddr: "nonsense:x" }), "BadParameter", 400, /listen ?addr/i);
    await fails(docker.swarm.join({ RemoteAddrs: [], JoinToken: "x" }), "BadParameter", 400, /RemoteAddr/);
  });

  it("is made, inspected, locked, and left", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    const node = await succeeds(docker.swarm.init({ AdvertiseAddr: "127.0.0.1", Spec: ours }), "Succeeded", 200);
    try {
      assert.equal((await docker.nodes.inspect(node)).ID, node);
      await fails(docker.swarm.init(), "AlreadyInSwarm", 503, /already part of a swarm/);
      const join = { RemoteAddrs: ["127.0.0.1:1"], JoinToken: "x" };
      await fails(docker.swarm.join(join), "AlreadyInSwarm", 503, /already part of a swarm/);
      assert.equal((await succeeds(docker.swarm.unlockKey(), "Succeeded", 200)).UnlockKey, "");
      await fails(docker.swarm.unlock({ UnlockKey: "x" }), "Conflict", 409, /not locked/);
      const { Spec, Version, JoinTokens } = await succeeds(docker.swarm.inspect(), "Succeeded", 200);
      assert.match(JoinTokens.Worker ?? "", /^SWMTKN-1-/);
      const locked = { ...Spec, EncryptionConfig: { AutoLockManagers: true } };
      const change = { version: Version.Index, rotateWorkerToken: true };
      assert.equal(await succeeds(docker.swarm.update(locked, change), "Succeeded", 200), undefined);
      await fails(docker.swarm.update(Spec, { version: Version.Index }), "ServerError", 500, /out of sequence/);
      await fails(docker.swarm.update({ ...Spec, Name: "other" }, { version: 1 }), "BadParameter", 400, /default/);
      assert.match((await docker.swarm.unlockKey()).UnlockKey ?? "", /^SWMKEY-1-/);
      assert.notEqual((await docker.swarm.inspect()).JoinTokens.Worker, JoinTokens.Worker);
      await fails(docker.swarm.leave(), "NotInSwarm", 503, /last manager/);
    } finally {
      await leaveSwarm(docker);
    }
  });
});
