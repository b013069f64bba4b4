import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachSwarmEngine } from "../support/engines.ts";
import { fails, nobody, succeeds, until } from "./support.ts";
import { serviceOf, tasksOf, useServices } from "./swarm-support.ts";

forEachSwarmEngine("tasks", (engine) => {
  const { docker, onDocker } = useServices(engine);

  it("are nothing that Podman has", async () => {
    if ((await engine.facts()).isPodman) {
      await fails(docker.tasks.inspect("x"), "NotInSwarm", 503, /does not support service/);
      await fails(docker.tasks.logs("x"), "NotInSwarm", 503, /does not support service/);
    }
  });

  onDocker("are listed, narrowed down, and inspected", async () => {
    const [spec, other] = [serviceOf("sleep 300"), serviceOf("sleep 300")];
    const { ID } = await docker.services.deploy(spec, { timeoutMs: 120_000 });
    await docker.services.deploy(other, { timeoutMs: 120_000 });
    const filters = { service: [spec.Name], "desired-state": ["running"] };
    const tasks = await succeeds(docker.tasks.list({ filters }), "Succeeded", 200);
    assert.deepEqual(
      tasks.map((task) => [task.ServiceID, task.Slot, task.DesiredState]),
      [[ID, 1, "running"]],
    );
    const id = tasks[0]?.ID ?? "";
    const task = await succeeds(docker.tasks.inspect(id), "Succeeded", 200);
    assert.deepEqual([task.ID, task.Status.State], [id, "running"]);
    const container = await docker.containers.inspect(task.Status.ContainerStatus?.ContainerID ?? "");
    assert.equal(container.Config?.Labels?.["com.docker.swarm.task.id"], id);
  });

  onDocker("that fail say why, and are tried again", async () => {
    const { Name } = await (async () => {
      const spec = serviceOf("", { TaskTemplate: tasksOf("exit 3") });
      await docker.services.create(spec);
      return spec;
    })();
    const tasks = () => docker.tasks.list({ filters: { service: [Name] } });
    await until(async () => (await tasks()).filter(({ Status }) => Status.State === "failed").length >= 2, "it failed");
    const failed = (await tasks()).find(({ Status }) => Status.State === "failed");
    assert.match(failed?.Status.Err ?? "", /non-zero exit \(3\)/);
    assert.equal(failed?.Status.ContainerStatus?.ExitCode, 3);
  });

  onDocker("that are not there are neither inspected nor read, nor found by a filter that is none", async () => {
    await fails(docker.tasks.inspect(nobody), "NoSuchTask", 404, /not found/);
    await fails(docker.tasks.logs(nobody), "NoSuchTask", 404, /not found/);
    const filters = { nonsense: ["x"] } as object; // not a key that the types have
    await fails(docker.tasks.list({ filters }), "BadParameter", 400, /nonsense/);
  });
});
