import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Docker } from "../../src/index.ts";
import { type EmbeddedEngine, type Program, startEngine } from "../../src/testing/index.ts";
import { leakCheck } from "../support/leaks.ts";

const forever: Program = ({ signal, clock }) => clock.sleep(1e9, signal);
const write: Program = ({ files }) => files.writeFile("/data/file", "x".repeat(1000));

async function withEngine(body: (docker: Docker, engine: EmbeddedEngine) => Promise<void>): Promise<void> {
  await using engine = await startEngine();
  engine.image("forever", forever, { files: { "/big": "x".repeat(5000) } });
  engine.image("write", write);
  await using docker = new Docker({ host: engine.host });
  await docker.images.remove("busybox"); // which every engine has
  await body(docker, engine);
}

describe("the system of an embedded engine", () => {
  leakCheck();

  it("counts its containers and images", () =>
    withEngine(async (docker) => {
      const { Id } = await docker.containers.create({ Image: "forever" });
      await docker.containers.start(Id);
      await docker.containers.create({ Image: "forever" });
      const info = await docker.system.info();
      assert.deepEqual(
        [info.Containers, info.ContainersRunning, info.ContainersStopped, info.ContainersPaused, info.Images],
        [2, 1, 1, 0, 2],
      );
      await docker.containers.pause(Id);
      const { ContainersRunning, ContainersPaused } = await docker.system.info();
      assert.deepEqual([ContainersRunning, ContainersPaused], [0, 1]);
    }));

  it("sums the space that things take, and lists them on demand", () =>
    withEngine(async (docker) => {
      await docker.containers.run({ Image: "write", HostConfig: { Binds: ["kept:/data"] } });
      const { VolumeUsage, ImageUsage, Volumes } = await docker.system.df({ verbose: true });
      const { ActiveCount, TotalCount, TotalSize, Reclaimable } = VolumeUsage ?? {};
      assert.deepEqual([ActiveCount, TotalCount, TotalSize, Reclaimable], [0, 1, 1000, 1000]);
      assert.equal(VolumeUsage?.Items?.[0]?.UsageData?.Size, 1000);
      assert.equal(ImageUsage?.TotalSize, 5000);
      assert.equal(Volumes, undefined);
    }));

  it("lists them alone to a client that knows no sums", () =>
    withEngine(async (_docker, engine) => {
      await using old = new Docker({ host: engine.host, apiVersion: "1.51" });
      const usage = await old.system.df();
      assert.deepEqual([usage.VolumeUsage, usage.Volumes, usage.LayersSize], [undefined, [], 5000]);
    }));

  it("says in a ping whether it manages a swarm", () =>
    withEngine(async (docker) => {
      assert.equal((await docker.system.ping()).Swarm, "inactive");
      await docker.swarm.init();
      assert.equal((await docker.system.ping()).Swarm, "active/manager");
    }));

  it("has no plugins", () =>
    withEngine(async (docker) => {
      assert.deepEqual(await docker.plugins.list(), []);
      await assert.rejects(docker.plugins.create("one", new Uint8Array()), /PluginCreate is not implemented/);
    }));
});
