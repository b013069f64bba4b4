import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachEngine, testImage, testLabels } from "../support/engines.ts";
import { fails, freshName, succeeds, useWorkbench } from "./support.ts";

const [[label]] = Object.entries(testLabels).map(([key, value]) => [`${key}=${value}`]) as [[string]]; // one label
const mine = { label: [label] };

forEachEngine("list and prune", (engine) => {
  const { docker, create, start, run } = useWorkbench(engine);

  it("lists running containers, and all of them when asked", async () => {
    const [running, created] = [await start(), await create()];
    const some = await succeeds(docker.containers.list({ filters: mine }), "Succeeded", 200);
    assert.deepEqual(
      some.map(({ Id, State }) => [Id, State]),
      [[running, "running"]],
    );
    const all = await docker.containers.list({ all: true, filters: mine });
    assert.deepEqual(all.map(({ Id }) => Id).sort(), [running, created].sort());
    const found = all.find(({ Id }) => Id === created);
    assert.equal(found?.State, "created");
    assert.ok(found?.Image?.endsWith(testImage));
    assert.match(found?.Names?.[0] ?? "", /^\/./);
  });

  it("filters by status, name and label, all at once", async () => {
    const [exited, other] = [await run("exit 3"), await create()];
    const name = freshName();
    await docker.containers.rename(exited, { name });
    const list = (filters: { status?: string[]; name?: string[] }) =>
      docker.containers.list({ all: true, filters: { ...mine, ...filters } });
    const ids = async (filters: Parameters<typeof list>[0]) => (await list(filters)).map(({ Id }) => Id);
    assert.deepEqual(await ids({ status: ["exited"] }), [exited]);
    assert.deepEqual(await ids({ status: ["created"] }), [other]);
    assert.deepEqual(await ids({ name: [name] }), [exited]);
    assert.deepEqual(await ids({ name: [name], status: ["created"] }), []);
  });

  it("lists no more than the limit", async () => {
    await create();
    await create();
    assert.equal((await docker.containers.list({ limit: 1, filters: mine })).length, 1);
  });

  it("gives sizes when asked", async () => {
    await run("echo 0123456789 > /file");
    const [container] = await docker.containers.list({ all: true, size: true, filters: mine });
    assert.ok((container?.SizeRw ?? 0) >= 11, `SizeRw is ${container?.SizeRw}`);
  });

  it("says that a filter is bad", async () => {
    const filters = JSON.parse('{"status":["nonsense"]}'); // what a program without types may send
    const call = docker.containers.list({ all: true, filters });
    const { isPodman } = await engine.facts();
    await (isPodman ? fails(call, "ServerError", 500) : fails(call, "BadParameter", 400, /nonsense|filter/));
  });

  it("prunes what has ended, and of that only what the filter names", async () => {
    const [ended, running] = [await run("true"), await start()];
    const unrelated = await succeeds(
      docker.containers.prune({ filters: { label: ["dev.fairlead.test=nobody"] } }),
      "Succeeded",
      200,
    );
    assert.deepEqual(unrelated.ContainersDeleted ?? [], []);
    const { ContainersDeleted, SpaceReclaimed } = await docker.containers.prune({ filters: mine });
    assert.deepEqual(ContainersDeleted, [ended]);
    assert.equal(typeof SpaceReclaimed, "number");
    await docker.containers.inspect(running);
    await fails(docker.containers.inspect(ended), "NoSuchContainer", 404);
  });
});
