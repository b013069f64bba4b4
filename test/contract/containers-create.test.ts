import assert from "node:assert/strict";
import { it } from "node:test";
import { InvalidRequestError } from "../../src/index.ts";
import { forEachEngine, testImage, testLabels } from "../support/engines.ts";
import { fails, failsInOneWay, freshName, nobody, sleeper, succeeds, useWorkbench } from "./support.ts";

forEachEngine("create, inspect, rename and remove", (engine) => {
  const { docker, create, start } = useWorkbench(engine);

  it("creates a container that does not run, and inspects it by id, beginning of the id and name", async () => {
    const name = freshName();
    const call = docker.containers.create({ ...sleeper, Env: ["GREETING=hello"] }, { name });
    const { Id, Warnings } = await succeeds(call, "Succeeded", 201);
    assert.match(Id, /^[0-9a-f]{64}$/);
    assert.ok(Warnings === null || Array.isArray(Warnings));
    for (const id of [Id, Id.slice(0, 12), name]) {
      const container = await succeeds(docker.containers.inspect(id), "Succeeded", 200);
      assert.equal(container.Id, Id);
      assert.equal(container.Name, `/${name}`);
      assert.equal(container.State?.Running, false);
      assert.equal(container.Config?.Tty, false);
      assert.ok(container.Config?.Env?.includes("GREETING=hello"));
    }
    await succeeds(docker.containers.remove(name), "Succeeded", 204);
  });

  it("gives the engine's warnings", async () => {
    const HostConfig = { NetworkMode: "host", PortBindings: { "80/tcp": [{ HostPort: "8080" }] } };
    const { Id, Warnings } = await docker.containers.create({ ...sleeper, HostConfig });
    await docker.containers.remove(Id);
    const { isPodman } = await engine.facts();
    // Podman has nothing to say, here or elsewhere.
    assert.deepEqual(isPodman ? Warnings : Warnings?.map((text) => /discarded/.test(text)), isPodman ? [] : [true]);
  });

  it("says whether a container has a terminal", async () => {
    const id = await create({ Tty: true });
    assert.equal((await docker.containers.inspect(id)).Config?.Tty, true);
  });

  it("gives the size of a container when asked", async () => {
    const id = await create();
    const { SizeRootFs: unasked } = await docker.containers.inspect(id);
    const { SizeRootFs } = await docker.containers.inspect(id, { size: true });
    // Podman says 0 for what was not asked, and also for the size of a container that has changed nothing.
    assert.equal(unasked || undefined, undefined);
    assert.equal(typeof SizeRootFs, "number");
  });

  it("does not create a container of an image that is not there", async () => {
    const spec = { Image: "fairlead/no-such-image:never", Labels: testLabels };
    await fails(docker.containers.create(spec), "NoSuchImage", 404, /no such image/i);
  });

  it("does not give two containers one name", async () => {
    const name = freshName();
    const { Id } = await docker.containers.create(sleeper, { name });
    const second = docker.containers.create(sleeper, { name });
    const { isPodman, version } = await engine.facts();
    if (isPodman && Number.parseInt(version, 10) < 6) {
      await fails(second, "ServerError", 500, /already in use/);
    } else {
      await fails(second, "Conflict", 409, /already in use/);
    }
    await docker.containers.remove(Id);
  });

  it("does not create a container with a malformed name", async () => {
    const call = docker.containers.create(sleeper, { name: "-#-" });
    const { isPodman } = await engine.facts();
    await (isPodman ? fails(call, "ServerError", 500) : fails(call, "BadParameter", 400, /invalid container name/i));
  });

  it("does not create a container from a body of the wrong shape", async () => {
    // What a program without types may send.
    const Cmd: string[] = JSON.parse('[{"not":"a string"}]');
    const call = docker.containers.create({ Image: testImage, Cmd, Labels: testLabels });
    const { isPodman, apiVersion } = await engine.facts();
    const isOld = isPodman || apiVersion === "1.41";
    await (isOld ? fails(call, "ServerError", 500) : fails(call, "BadParameter", 400));
  });

  it("refuses options that the engine's version lacks, before anything is sent", async () => {
    const { apiVersion } = await engine.facts();
    const call = docker.containers.create({ ...sleeper, HostConfig: { Annotations: { a: "b" } } });
    if (Number(apiVersion.slice(2)) >= 43) {
      await docker.containers.remove((await call).Id);
      return;
    }
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof InvalidRequestError);
      assert.equal(error.parameter, "HostConfig.Annotations");
      assert.match(error.message, new RegExp(`needs API 1\\.43, and the engine speaks ${apiVersion}`));
      return true;
    });
  });

  it("does not inspect a container that is not there", async () => {
    await fails(docker.containers.inspect(nobody), "NoSuchContainer", 404, /no such container/i);
  });

  it("renames a container", async () => {
    const [id, name] = [await create(), freshName()];
    await succeeds(docker.containers.rename(id, { name }), "Succeeded", 204);
    assert.equal((await docker.containers.inspect(name)).Id, id);
  });

  it("does not rename a container to a name that is in use, nor one that is not there", async () => {
    const [id, other, name] = [await create(), await create(), freshName()];
    await docker.containers.rename(id, { name });
    const { isPodman } = await engine.facts();
    const call = docker.containers.rename(other, { name });
    // What Podman says depends on the database that it was set up with.
    const ways = [["NameInUse", 409] as const, ...(isPodman ? [["ServerError", 500] as const] : [])];
    await failsInOneWay(call, ways, /already in use|UNIQUE constraint/);
    await fails(docker.containers.rename(nobody, { name: freshName() }), "NoSuchContainer", 404, /no such container/i);
  });

  it("removes a container once", async () => {
    const id = await create();
    await succeeds(docker.containers.remove(id), "Succeeded", 204);
    await fails(docker.containers.remove(id), "NoSuchContainer", 404, /no such container/i);
  });

  it("removes a running container by force alone", async () => {
    const id = await start();
    const gently = docker.containers.remove(id);
    const { isPodman } = await engine.facts();
    await (isPodman ? fails(gently, "ServerError", 500, /running/) : fails(gently, "Conflict", 409, /running/));
    await succeeds(docker.containers.remove(id, { force: true, v: true }), "Succeeded", 204);
    await fails(docker.containers.inspect(id), "NoSuchContainer", 404);
  });
});
