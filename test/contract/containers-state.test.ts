import assert from "node:assert/strict";
import { it } from "node:test";
import { InvalidRequestError, JsonError } from "../../src/index.ts";
import { forEachEngine } from "../support/engines.ts";
import { fails, failsInOneWay, nobody, succeeds, until, useWorkbench } from "./support.ts";

/** A script that says "ready", and ends with 7 on SIGUSR1. */
const onUsr1 = ["sh", "-c", "trap 'exit 7' USR1; echo ready; while :; do sleep 0.05; done"];

forEachEngine("start, stop, restart, kill, pause, unpause and update", (engine) => {
  const { docker, create, start, run } = useWorkbench(engine);
  const state = async (id: string) => (await docker.containers.inspect(id)).State;
  const isReady = (id: string) => until(async () => (await docker.containers.logs(id).text()) === "ready\n", "ready");

  it("starts a container, and says when it was running already", async () => {
    const id = await create();
    assert.equal(await succeeds(docker.containers.start(id), "Succeeded", 204), undefined);
    assert.equal((await state(id))?.Running, true);
    assert.equal(await succeeds(docker.containers.start(id), "AlreadyStarted", 304), undefined);
  });

  it("does not start a container that is not there", async () => {
    await fails(docker.containers.start(nobody), "NoSuchContainer", 404, /no such container/i);
  });

  it("says why a container could not be started", async () => {
    const id = await create({ Cmd: ["/no/such/command"] });
    const call = docker.containers.start(id);
    const { isPodman } = await engine.facts();
    const message = /no such file or directory/i;
    await (isPodman ? fails(call, "ServerError", 500, message) : fails(call, "BadParameter", 400, message));
  });

  it("stops a container, and says when it had stopped already", async () => {
    const id = await start();
    assert.equal(await succeeds(docker.containers.stop(id, { t: 0 }), "Succeeded", 204), undefined);
    assert.equal((await state(id))?.Running, false);
    assert.equal(await succeeds(docker.containers.stop(id, { t: 0 }), "AlreadyStopped", 304), undefined);
    await fails(docker.containers.stop(nobody), "NoSuchContainer", 404, /no such container/i);
  });

  it("stops a container with the signal that was chosen, where the engine can", async () => {
    const id = await start({ Cmd: onUsr1 });
    await isReady(id);
    const call = docker.containers.stop(id, { signal: "SIGUSR1", t: 5 });
    const { apiVersion } = await engine.facts();
    if (Number(apiVersion.slice(2)) < 42) {
      await assert.rejects(call, (error) => error instanceof InvalidRequestError && error.parameter === "signal");
      return;
    }
    await succeeds(call, "Succeeded", 204);
    assert.equal((await state(id))?.ExitCode, 7);
  });

  it("restarts a container", async () => {
    const id = await start();
    const before = await state(id);
    await succeeds(docker.containers.restart(id, { t: 0 }), "Succeeded", 204);
    const after = await state(id);
    assert.equal(after?.Running, true);
    assert.notEqual(after?.StartedAt, before?.StartedAt);
    await fails(docker.containers.restart(nobody), "NoSuchContainer", 404, /no such container/i);
  });

  it("sends a signal to a container", async () => {
    const id = await start({ Cmd: onUsr1 });
    await isReady(id);
    await succeeds(docker.containers.kill(id, { signal: "SIGUSR1" }), "Succeeded", 204);
    assert.equal((await docker.containers.wait(id)).StatusCode, 7);
  });

  it("kills a container outright by default", async () => {
    const id = await start();
    await succeeds(docker.containers.kill(id), "Succeeded", 204);
    assert.equal((await docker.containers.wait(id)).StatusCode, 137);
  });

  it("does not kill a container that does not run, or is not there", async () => {
    const { isPodman } = await engine.facts();
    const ways = [["ContainerNotRunning", 409] as const, ...(isPodman ? [["ServerError", 500] as const] : [])];
    await failsInOneWay(docker.containers.kill(await create()), ways, /not running|can only kill running/i);
    await fails(docker.containers.kill(nobody), "NoSuchContainer", 404, /no such container/i);
  });

  it("pauses and unpauses a container", async () => {
    const id = await start();
    await succeeds(docker.containers.pause(id), "Succeeded", 204);
    assert.equal((await state(id))?.Status, "paused");
    await succeeds(docker.containers.unpause(id), "Succeeded", 204);
    assert.equal((await state(id))?.Status, "running");
  });

  it("does not pause or unpause a container that is not in the right state", async () => {
    const { isPodman } = await engine.facts();
    const id = await create();
    const early = docker.containers.pause(id);
    await (isPodman ? fails(early, "ServerError", 500) : fails(early, "Conflict", 409, /not running/));
    await docker.containers.start(id);
    await fails(docker.containers.unpause(id), "ServerError", 500, /not paused/);
    await docker.containers.pause(id);
    const twice = docker.containers.pause(id);
    await (isPodman ? fails(twice, "ServerError", 500) : fails(twice, "Conflict", 409, /already paused/));
    await docker.containers.unpause(id);
    await fails(docker.containers.pause(nobody), "NoSuchContainer", 404, /no such container/i);
  });

  it("does not send a signal that does not exist", async () => {
    const { isPodman } = await engine.facts();
    const call = docker.containers.kill(await start(), { signal: "NOSUCH" });
    await (isPodman ? fails(call, "ServerError", 500) : fails(call, "BadParameter", 400, /invalid signal/i));
  });

  it("updates a container's limits", async () => {
    const id = await start();
    const call = docker.containers.update(id, { CpuShares: 512 });
    const { isPodman, version } = await engine.facts();
    if (isPodman && Number.parseInt(version, 10) < 5) {
      // Podman 4 has no such route, and answers as it does for any unknown path.
      await fails(call, "NoSuchContainer", 404, /not found/i);
      return;
    }
    await succeeds(call, "Succeeded", 200);
    assert.equal((await docker.containers.inspect(id)).HostConfig?.CpuShares, 512);
    await fails(docker.containers.update(nobody, { CpuShares: 512 }), "NoSuchContainer", 404, /no such container/i);
  });

  it("leaves what an update says nothing of", async () => {
    if ((await engine.facts()).isPodman) return;
    const id = await create({ HostConfig: { CpuShares: 256 } });
    const { Warnings } = await docker.containers.update(id, { CpuShares: 0, RestartPolicy: { Name: "always" } });
    assert.equal(Warnings, null);
    await docker.containers.update(id, { CpuShares: 0, RestartPolicy: { Name: "" } });
    const { CpuShares, RestartPolicy } = (await docker.containers.inspect(id)).HostConfig ?? {};
    assert.deepEqual([CpuShares, RestartPolicy?.Name], [256, "always"]);
  });

  it("lists the processes of a running container, with the columns that were asked for", async () => {
    const id = await start();
    const { Titles, Processes } = await succeeds(docker.containers.top(id), "Succeeded", 200);
    // Podman 4 puts a row into one text.
    assert.match(Titles?.join(" ") ?? "", /\bPID\b/);
    assert.match(Processes?.map((row) => row.join(" ")).join() ?? "", /sleep 300/);
    const chosen = await docker.containers.top(id, { ps_args: "-o pid,comm" });
    assert.match(chosen.Titles?.join(" ") ?? "", /^ *PID +COMMAND *$/);
  });

  it("does not list the processes of a container that does not run, nor with bad arguments", async () => {
    const { isPodman, version } = await engine.facts();
    const [idle, wrong] = [await create(), await start()];
    const ps_args = "-nonsense";
    if (isPodman && Number.parseInt(version, 10) < 5) {
      // Podman 4 answers 200 with nothing at all.
      const isEmpty = (error: unknown) =>
        error instanceof JsonError && error.status === 200 && error.bytes.length === 0;
      await assert.rejects(docker.containers.top(idle).outcome(), isEmpty);
      await assert.rejects(docker.containers.top(wrong, { ps_args }), isEmpty);
      return;
    }
    const call = docker.containers.top(idle);
    await (isPodman
      ? fails(call, "ServerError", 500, /running/)
      : fails(call, "ContainerNotRunning", 409, /not running/));
    await fails(docker.containers.top(wrong, { ps_args }), "ServerError", 500, /ps/);
  });

  it("lists the files that were changed, added and deleted", async () => {
    const id = await run("echo x > /added; rm /bin/yes");
    const changes = (await succeeds(docker.containers.changes(id), "Succeeded", 200)) ?? [];
    const kinds = new Map(changes.map(({ Path, Kind }) => [Path, Kind]));
    assert.deepEqual([kinds.get("/added"), kinds.get("/bin/yes"), kinds.get("/bin")], [1, 2, 0]);
    const { isPodman } = await engine.facts();
    const absent = docker.containers.changes(nobody);
    await (isPodman ? fails(absent, "ServerError", 500) : fails(absent, "NoSuchContainer", 404, /no such container/i));
  });

  it("lists nothing for a container that has changed nothing", async () => {
    const changes = await docker.containers.changes(await create());
    assert.equal(changes?.length ?? 0, 0);
  });
});
