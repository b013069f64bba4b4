import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachEngine } from "../support/engines.ts";
import { fails, nobody, sleeper, succeeds, useWorkbench } from "./support.ts";

forEachEngine("wait", (engine) => {
  const { docker, create, start, run } = useWorkbench(engine);

  for (const code of [0, 1, 42, 255]) {
    it(`gives the exit code ${code}`, async () => {
      const id = await start({ Cmd: ["sh", "-c", `exit ${code}`] });
      const result = await succeeds(docker.containers.wait(id), "Succeeded", 200);
      assert.equal(result.StatusCode, code);
      assert.equal(result.Error?.Message ?? "", "");
    });
  }

  it("gives the exit code of a container that has ended already", async () => {
    const id = await run("exit 5");
    assert.equal((await docker.containers.wait(id, { condition: "not-running" })).StatusCode, 5);
  });

  it("with next-exit misses nothing, although it begins before the start", async () => {
    const id = await create({ Cmd: ["sh", "-c", "exit 6"] });
    const exit = docker.containers.wait(id, { condition: "next-exit" });
    const early = await Promise.race([exit.then(() => "early"), new Promise((resolve) => setTimeout(resolve, 300))]);
    assert.equal(early, undefined);
    await docker.containers.start(id);
    assert.equal((await exit).StatusCode, 6);
  });

  it("with removed ends when a container that removes itself is gone", async () => {
    const { Id } = await docker.containers.create({
      ...sleeper,
      Cmd: ["sh", "-c", "exit 8"],
      HostConfig: { AutoRemove: true },
    });
    const removed = docker.containers.wait(Id, { condition: "removed" });
    await new Promise((resolve) => setTimeout(resolve, 300)); // the engine must be waiting by now
    await docker.containers.start(Id);
    const { isPodman, version } = await engine.facts();
    // Podman 4 has forgotten the code by then.
    assert.equal((await removed).StatusCode, isPodman && Number.parseInt(version, 10) < 5 ? 0 : 8);
    await fails(docker.containers.inspect(Id), "NoSuchContainer", 404);
  });

  it("does not wait for a container that is not there", async () => {
    await fails(docker.containers.wait(nobody), "NoSuchContainer", 404, /no such container/i);
  });

  it("does not wait for a condition that the engine does not know", async () => {
    const condition = JSON.parse('"someday"'); // what a program without types may send
    const call = docker.containers.wait(await create(), { condition });
    const { isPodman, apiVersion } = await engine.facts();
    if (!isPodman && apiVersion === "1.41") {
      // Docker 20.10 takes what it does not know for not-running.
      await succeeds(call, "Succeeded", 200);
    } else {
      await fails(call, "BadParameter", 400, /condition/i);
    }
  });
});
