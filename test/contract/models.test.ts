import assert from "node:assert/strict";
import { it } from "node:test";
import type { ContainerCreateRequest, OperationId } from "../../src/index.ts";
import { checkAnswer } from "../support/check-answer.ts";
import { forEachEngine, testImage, testLabels } from "../support/engines.ts";
import { freshName, isOldPodman, useWorkbench } from "./support.ts";

const label = Object.entries(testLabels).map(([key, value]) => `${key}=${value}`);

/** A container with as much as an engine can tell of one. */
const rich: Partial<ContainerCreateRequest> = {
  Cmd: ["sh", "-c", "echo out; touch /made; sleep 300"],
  Env: ["A=b"],
  ExposedPorts: { "80/tcp": {} },
  Healthcheck: { Test: ["CMD", "true"], Interval: 1_000_000_000 },
  HostConfig: { Memory: 64 * 1024 * 1024, PidsLimit: 100, CapAdd: ["NET_ADMIN"], Tmpfs: { "/scratch": "" } },
};

forEachEngine("the models", (engine) => {
  const { docker, create, start } = useWorkbench(engine);

  /** Asks with any operation, and says how the answer differs from its model. */
  async function differences(
    operation: OperationId,
    input: Parameters<typeof docker.request>[1] = {},
  ): Promise<readonly string[]> {
    const outcome: { readonly status: number; readonly value?: unknown } = await docker
      .request(operation, input)
      .outcome();
    assert.ok(outcome.status < 300, `${operation} answered ${outcome.status}: ${JSON.stringify(outcome)}`);
    return checkAnswer(operation, outcome.status, outcome.value).problems.map((problem) => `${operation} ${problem}`);
  }

  it("say what the engine says of itself", async () => {
    const found = await Promise.all([
      differences("SystemInfo"),
      differences("SystemVersion"),
      differences("SystemDataUsage"),
      differences("PluginList").catch(() => []), // Podman has none
    ]);
    assert.deepEqual(found.flat(), []);
  });

  it("say what the engine says of containers, new, running and ended", async () => {
    const ids = [await create(), await start(rich), await start({ Cmd: ["false"], Tty: true })];
    await docker.containers.wait(ids[2] ?? "");
    const asked = ids.flatMap((id) => [
      differences("ContainerInspect", { path: { id }, parameters: { size: true } }),
      differences("ContainerChanges", { path: { id } }),
    ]);
    const running = { path: { id: ids[1] ?? "" } };
    const found = await Promise.all([
      ...asked,
      differences("ContainerList", { parameters: { all: true, size: true, filters: { label } } }),
      differences("ContainerTop", running),
      differences("ContainerWait", { path: { id: ids[2] ?? "" } }),
      (await isOldPodman(engine)) // which has no such operation
        ? []
        : differences("ContainerUpdate", {
            ...running,
            body: { Memory: 32 * 1024 * 1024, MemorySwap: 64 * 1024 * 1024 },
          }),
    ]);
    assert.deepEqual(found.flat(), []);
  });

  it("say what the engine says when it removes what has ended", async () => {
    const group = freshName();
    const id = await start({ Cmd: ["true"], Labels: { ...testLabels, group } });
    await docker.containers.wait(id);
    assert.deepEqual(
      await differences("ContainerPrune", { parameters: { filters: { label: [`group=${group}`] } } }),
      [],
    );
    assert.equal((await docker.containers.inspect(id).outcome()).kind, "NoSuchContainer");
  });

  it("say what the engine says of an exec", async () => {
    const id = await start();
    const body = { Cmd: ["true"], AttachStdout: true };
    const made = await docker.request("ContainerExec", { path: { id }, body });
    const found = [
      ...checkAnswer("ContainerExec", 201, made).problems,
      ...(await differences("ExecInspect", { path: { id: made.Id } })),
    ];
    assert.deepEqual(found, []);
  });

  it("say what the engine says of images", async () => {
    const path = { name: testImage };
    const found = await Promise.all([
      differences("ImageList", { parameters: { all: true } }),
      differences("ImageInspect", { path }),
      differences("ImageHistory", { path }),
    ]);
    assert.deepEqual(found.flat(), []);
  });

  it("say what the engine says of networks and volumes", async () => {
    const Name = freshName();
    const { Id: network } = await docker.request("NetworkCreate", { body: { Name, Labels: testLabels } });
    await docker.request("VolumeCreate", { body: { Name, Labels: testLabels } });
    const id = await start({ ...rich, HostConfig: { NetworkMode: Name, Binds: [`${Name}:/data`] } });
    const found = await Promise.all([
      differences("NetworkInspect", { path: { id: network } }),
      differences("NetworkList"),
      differences("VolumeInspect", { path: { name: Name } }),
      differences("VolumeList"),
      differences("ContainerInspect", { path: { id } }),
    ]);
    await docker.containers.remove(id, { force: true });
    await docker.request("NetworkDelete", { path: { id: network } });
    await docker.request("VolumeDelete", { path: { name: Name } });
    assert.deepEqual(found.flat(), []);
  });

  it("say what the engine tells of events", async () => {
    const events = await docker.system.events({ filters: { label } });
    await docker.containers.remove(await start(), { force: true });
    for await (const event of events) {
      assert.deepEqual(checkAnswer("SystemEvents", 200, event).problems, []);
      if (event.Action === "destroy" || event.Action === "remove") {
        break;
      }
    }
  });
});
