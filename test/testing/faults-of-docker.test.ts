import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Docker, EngineStreamError, ResponseError, UnexpectedStatusError } from "../../src/index.ts";
import {
  type EmbeddedEngine,
  logError,
  type Program,
  progressError,
  proxyPage,
  startEngine,
  trailingError,
} from "../../src/testing/index.ts";
import { leakCheck } from "../support/leaks.ts";

const forever: Program = async ({ stdout, clock, signal }) => {
  await stdout.write("up\n");
  await clock.sleep(1e9, signal);
};

async function withEngine(body: (engine: EmbeddedEngine, docker: Docker) => Promise<void>): Promise<void> {
  await using engine = await startEngine({ tcp: true });
  engine.image("forever", forever);
  await using docker = new Docker({ host: engine.host });
  await body(engine, docker);
}

async function started(docker: Docker, restartPolicy: "no" | "always" = "no"): Promise<string> {
  const spec = { Image: "forever", HostConfig: { RestartPolicy: { Name: restartPolicy } } } as const;
  const { Id } = await docker.containers.create(spec);
  await docker.containers.start(Id);
  return Id;
}

/** Waits until the state of a container is the one that is wanted. */
async function becomes(docker: Docker, id: string, wanted: string): Promise<void> {
  for (let state: string | undefined; state !== wanted; ) {
    ({ Status: state } = (await docker.containers.inspect(id)).State ?? {});
  }
}

describe("what goes wrong with real engines goes wrong on an embedded engine:", () => {
  leakCheck();

  it("a proxy answers with a page", () =>
    withEngine(async (engine, docker) => {
      await docker.system.version();
      engine.faults.add({}, proxyPage());
      await assert.rejects(docker.networks.list(), (error) => {
        assert.ok(error instanceof UnexpectedStatusError);
        assert.equal(error.status, 502);
        return true;
      });
    }));

  it("JSON is malformed", () =>
    withEngine(async (engine, docker) => {
      engine.faults.add({ operation: "ContainerList" }, { kind: "answer", status: 200, body: '[{"Id":' });
      await assert.rejects(docker.containers.list(), { name: "JsonError" });
    }));

  it("an answer comes in the place of one after all was done", () =>
    withEngine(async (engine, docker) => {
      const refused = { kind: "answer", status: 409, body: { message: "no" }, at: "answer" } as const;
      engine.faults.add({ operation: "NetworkCreate" }, refused);
      await assert.rejects(docker.networks.create({ Name: "net" }), /no/);
      assert.equal((await docker.networks.inspect("net")).Name, "net");
      const Id = await started(docker);
      engine.faults.add({ operation: "ContainerLogs" }, { ...refused, status: 500 });
      await assert.rejects(docker.containers.logs(Id, { follow: true }), /no/);
      engine.faults.add({ operation: "ContainerAttach" }, { ...refused, status: 404 });
      await assert.rejects(docker.containers.attach(Id), /no/);
    }));

  it("logs cannot be read on", () =>
    withEngine(async (engine, docker) => {
      const Id = await started(docker);
      engine.faults.add({ operation: "ContainerLogs" }, logError("unexpected EOF"));
      await assert.rejects(docker.containers.logs(Id).text(), EngineStreamError);
      engine.faults.add({ operation: "ContainerLogs" }, logError("unexpected EOF", 0));
      await assert.rejects(docker.containers.logs(Id, { follow: true }).text(), /unexpected EOF/);
    }));

  it("a pull fails in the middle", () =>
    withEngine(async (engine, docker) => {
      engine.faults.add({ operation: "ImageCreate" }, progressError("unexpected EOF", [{ status: "Pulling" }]));
      await assert.rejects(docker.images.pull("any"), /unexpected EOF/);
    }));

  it("an error is glued to a tar", () =>
    withEngine(async (engine, docker) => {
      const tar = Buffer.alloc(1024);
      const operation = "ContainerExport";
      engine.faults.add(
        { operation },
        { kind: "answer", status: 200, body: tar, contentType: "application/octet-stream" },
      );
      engine.faults.add({ operation }, trailingError("layer is gone"));
      const reading = (async () => {
        for await (const bytes of await docker.containers.export("any")) assert.ok(bytes);
      })();
      await assert.rejects(reading, /layer is gone/);
    }));

  it("the disk is full", () =>
    withEngine(async (engine, docker) => {
      const full = engine.faults.fillDisk();
      const noSpace = /no space left on device/;
      for (let round = 0; round < 2; round += 1) {
        await assert.rejects(docker.containers.create({ Image: "forever" }), noSpace);
        await assert.rejects(docker.networks.create({ Name: "net" }), noSpace);
        await assert.rejects(docker.images.pull("any"), noSpace);
        await assert.rejects(docker.images.load(Buffer.alloc(1024)), noSpace);
      }
      full.remove();
      await docker.containers.create({ Image: "forever" });
    }));

  it("a daemon restarts, and kills its containers", () =>
    withEngine(async (engine, docker) => {
      const [once, always] = [await started(docker), await started(docker, "always")];
      const lost = assert.rejects(docker.containers.logs(once, { follow: true }).text(), ResponseError);
      const waiting = assert.rejects(docker.containers.wait(once), ResponseError);
      await docker.system.ping();
      await engine.restart({
        whileDown: async () => {
          await assert.rejects(docker.system.ping(), { name: "ConnectError" });
          await using remote = new Docker({ host: engine.tcpHost });
          await assert.rejects(remote.system.ping(), /refused/);
        },
      });
      await Promise.all([lost, waiting]);
      assert.deepEqual((await docker.containers.inspect(once)).State?.ExitCode, 137);
      await becomes(docker, always, "running");
      await using remote = new Docker({ host: engine.tcpHost });
      assert.equal((await remote.containers.list()).length, 1);
    }));

  it("a daemon restarts, and its containers live on", () =>
    withEngine(async (engine, docker) => {
      const Id = await started(docker);
      const { State } = await docker.containers.inspect(Id);
      await engine.restart({ keepContainers: true });
      assert.deepEqual((await docker.containers.inspect(Id)).State, State);
    }));

  it("events over a restart are lost with those before it", () =>
    withEngine(async (engine, docker) => {
      await started(docker);
      await engine.restart({ keepContainers: true });
      const events = docker.system.events({ since: new Date(0), until: new Date() });
      for await (const event of events) assert.fail(JSON.stringify(event));
    }));

  it("another daemon speaks other versions", () =>
    withEngine(async (engine, docker) => {
      assert.equal((await docker.system.version()).ApiVersion, "1.56");
      await engine.restart({ oldestVersion: "1.24", newestVersion: "1.41" });
      await docker.containers.list();
      await using fixed = new Docker({ host: engine.host, apiVersion: "1.56" });
      await assert.rejects(fixed.containers.list(), /too new/);
      await using old = new Docker({ host: engine.host });
      assert.equal((await old.system.version()).ApiVersion, "1.41");
      await engine.restart({ oldestVersion: "1.99", newestVersion: "1.99" });
      await using tooOld = new Docker({ host: engine.host });
      await assert.rejects(tooOld.system.version(), { name: "VersionError" });
    }));
});
