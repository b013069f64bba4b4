import assert from "node:assert/strict";
import { it } from "node:test";
import { AbortError, DeployError, type DeployEvent, InvalidRequestError, TimeoutError } from "../../src/index.ts";
import { forEachSwarmEngine } from "../support/engines.ts";
import { fails, nobody, succeeds, until, useWorkbench } from "./support.ts";
import { label, serviceOf, tasksOf, useAlone, useServices } from "./swarm-support.ts";

const patience = { timeoutMs: 120_000 };
const replicas = (Replicas: number) => ({ Mode: { Replicated: { Replicas } } });
// A task that fails later than that after its start fails no update, and a busy engine may take seconds to see its end.
const onFailure = (FailureAction: string) => ({
  UpdateConfig: { Parallelism: 0, Monitor: 60_000_000_000, FailureAction },
});

forEachSwarmEngine("services", (engine) => {
  const { docker, onDocker } = useServices(engine);

  it("are nothing that Podman has", async () => {
    if ((await engine.facts()).isPodman) {
      await fails(docker.services.inspect("x"), "NotInSwarm", 503, /does not support service/);
      await fails(docker.services.logs("x"), "NotInSwarm", 503, /does not support service/);
      await fails(docker.services.deploy(serviceOf("true")), "NotInSwarm", 503, /does not support service/);
    }
  });

  onDocker("are created, listed, inspected, updated, rolled back and removed", async () => {
    const { RollbackConfig: _, ...spec } = serviceOf("sleep 300");
    const { ID } = await succeeds(docker.services.create(spec), "Succeeded", 201);
    const listed = await succeeds(docker.services.list({ filters: { name: [spec.Name] } }), "Succeeded", 200);
    assert.deepEqual(
      listed.map((each) => each.ID),
      [ID],
    );
    const { Spec, Version } = await succeeds(docker.services.inspect(spec.Name), "Succeeded", 200);
    assert.equal(Spec.Mode?.Replicated?.Replicas, 1);
    const { Spec: full } = await docker.services.inspect(ID, { insertDefaults: true });
    assert.deepEqual([Spec.RollbackConfig, full.RollbackConfig?.FailureAction], [undefined, "pause"]);
    const scaled = { ...Spec, ...replicas(2) };
    await succeeds(docker.services.update(ID, scaled, { version: Version.Index }), "Succeeded", 200);
    const changed = await docker.services.inspect(ID);
    assert.equal(changed.Spec.Mode?.Replicated?.Replicas, 2);
    const back = { version: changed.Version.Index, rollback: "previous" };
    await succeeds(docker.services.update(ID, scaled, back), "Succeeded", 200);
    assert.equal((await docker.services.inspect(ID)).Spec.Mode?.Replicated?.Replicas, 1);
    assert.equal(await succeeds(docker.services.remove(ID), "Succeeded", 200), undefined);
    await fails(docker.services.inspect(ID), "NoSuchService", 404, /not found/);
  });

  onDocker("say how many of their tasks run, where the engine can", async () => {
    await docker.services.deploy(serviceOf("sleep 300", replicas(2)), patience);
    const call = docker.services.list({ filters: { label }, status: true });
    const [service] = await call;
    assert.deepEqual([service?.ServiceStatus?.RunningTasks, service?.ServiceStatus?.DesiredTasks], [2, 2]);
  });

  onDocker("are refused if they are not valid, not there, or have changed", async () => {
    const spec = serviceOf("sleep 300");
    const { ID } = await docker.services.create(spec);
    await fails(docker.services.create(spec), "NameInUse", 409, /already exists/);
    await fails(docker.services.create({ ...spec, Name: "no name" }), "BadParameter", 400, /name/);
    await fails(docker.services.update(ID, { ...spec, Name: "x y" }, { version: 1 }), "BadParameter", 400, /name/);
    await fails(docker.services.update(ID, spec, { version: 1 }), "ServerError", 500, /out of sequence/);
    await fails(docker.services.update(nobody, spec, { version: 1 }), "NoSuchService", 404, /not found/);
    await fails(docker.services.remove(nobody), "NoSuchService", 404, /not found/);
    await fails(docker.services.logs(nobody), "NoSuchService", 404, /not found/);
    const filters = { nonsense: ["x"] } as object; // not a key that the types have
    await fails(docker.services.list({ filters }), "BadParameter", 400, /nonsense/);
  });

  onDocker("and their tasks have logs, with the streams apart", async () => {
    const { Name } = serviceOf("");
    const spec = { ...serviceOf("echo out; echo err >&2; sleep 300"), Name };
    await docker.services.deploy(spec, patience);
    const lines = async (options = {}) => {
      const seen: string[] = [];
      for await (const { stream, text } of docker.services.logs(Name, options).lines()) {
        seen.push(`${stream} ${text}`);
      }
      return seen.sort();
    };
    await until(async () => (await lines()).length === 2, "both lines are there");
    assert.deepEqual(await lines(), ["stderr err", "stdout out"]);
    assert.deepEqual(await lines({ stderr: true }), ["stderr err"]);
    const [detailed] = await lines({ stdout: true, details: true });
    assert.match(detailed ?? "", /^stdout com\.docker\.swarm\.node\.id=.*,com\.docker\.swarm\.task\.id=\w+ out$/);
    const [task] = await docker.tasks.list({ filters: { service: [Name] } });
    assert.ok(task);
    assert.match(await docker.tasks.logs(task.ID).text(), /^(out\nerr|err\nout)\n$/);
    for await (const { text } of docker.services.logs(Name, { follow: true, stdout: true }).lines()) {
      assert.equal(text, "out");
      break;
    }
  });

  onDocker("with terminals have logs that are raw, whether the engine says so or not", async () => {
    const template = tasksOf("echo tty; sleep 300", { TTY: true });
    const { Name } = serviceOf("");
    await docker.services.deploy({ ...serviceOf("", { TaskTemplate: template }), Name }, patience);
    await until(async () => (await docker.services.logs(Name).text()) === "tty\r\n", "the line is there");
    const [task] = await docker.tasks.list({ filters: { service: [Name] } });
    assert.equal(await docker.tasks.logs(task?.ID ?? "").text(), "tty\r\n");
    assert.equal(await docker.services.logs(Name, { tty: true }).text(), "tty\r\n");
  });

  onDocker("are deployed: made, changed, and left as they are", async () => {
    const spec = serviceOf("sleep 300", replicas(2));
    const events: DeployEvent[] = [];
    const made = docker.services.deploy(spec, patience);
    for await (const event of made) {
      events.push(event);
    }
    const { ID } = await made;
    const outcome = await made.outcome();
    assert.deepEqual([outcome.kind, outcome.status], ["Succeeded", 201]);
    assert.deepEqual([events.at(-1)?.ready, events.at(-1)?.desired], [2, 2]);
    assert.ok(events.every((event, index) => JSON.stringify(event) !== JSON.stringify(events[index - 1])));
    const changed = docker.services.deploy({ ...spec, TaskTemplate: tasksOf("sleep 301"), ...replicas(3) }, patience);
    assert.equal((await changed).ID, ID);
    assert.equal((await changed.outcome()).status, 200);
    const present = { service: [ID], "desired-state": ["running"] };
    const tasks = await docker.tasks.list({ filters: present });
    assert.deepEqual(
      tasks.map(({ Spec, Status }) => [Spec.ContainerSpec?.Command?.at(-1), Status.State]),
      Array(3).fill(["sleep 301", "running"]),
    );
    await docker.services.deploy({ ...spec, TaskTemplate: tasksOf("sleep 301"), ...replicas(3) }, patience);
    const after = await docker.tasks.list({ filters: present });
    assert.deepEqual(after.map((task) => task.ID).sort(), tasks.map((task) => task.ID).sort());
    await docker.services.deploy({ ...spec, TaskTemplate: tasksOf("sleep 301"), ...replicas(0) }, patience);
    assert.deepEqual(await docker.tasks.list({ filters: { ...present } }), []);
  });

  onDocker("are deployed on every node, and as jobs where the engine has them", async () => {
    await docker.services.deploy(serviceOf("sleep 300", { Mode: { Global: {} } }), patience);
    const job = { Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 2 } } };
    const spec = { ...serviceOf("", job), TaskTemplate: { ...tasksOf("true"), RestartPolicy: { Condition: "none" } } };
    const { Labels, Mode, Name } = spec;
    const { ID } = await docker.services.deploy({ Labels, Mode, Name, TaskTemplate: spec.TaskTemplate }, patience);
    const tasks = await docker.tasks.list({ filters: { service: [ID] } });
    assert.deepEqual(
      tasks.map(({ Status }) => Status.State),
      ["complete", "complete"],
    );
  });

  onDocker("are not deployed if the swarm pauses or rolls back their update", async () => {
    const spec = serviceOf("sleep 300");
    const { ID } = await docker.services.deploy(spec, patience);
    const bad = { ...spec, TaskTemplate: tasksOf("exit 3") };
    const back = docker.services.deploy({ ...bad, ...onFailure("rollback") }, patience);
    await assert.rejects(back, (error) => {
      assert.ok(error instanceof DeployError);
      assert.deepEqual([error.reason, error.service, error.operation], ["rolled-back", ID, "ServiceUpdate"]);
      assert.match(error.message, /rolled back/);
      assert.deepEqual(error.taskErrors, ["task: non-zero exit (3)"]);
      return true;
    });
    assert.equal((await docker.services.inspect(ID)).Spec.TaskTemplate?.ContainerSpec?.Command?.at(-1), "sleep 300");
    const paused = docker.services.deploy({ ...bad, ...onFailure("pause") }, patience);
    const seen: (string | undefined)[] = [];
    const iteration = (async () => {
      for await (const { updateState } of paused) {
        seen.push(updateState);
      }
    })();
    await assert.rejects(iteration, (error) => error instanceof DeployError && error.reason === "paused");
    assert.equal(seen.at(-1), "paused");
  });

  onDocker("that do not converge in time say what their tasks failed with", async () => {
    const spec = serviceOf("", { TaskTemplate: tasksOf("", { Image: "fairlead/no-such-image:never" }) });
    await assert.rejects(docker.services.deploy(spec, { timeoutMs: 10_000 }), (error) => {
      assert.ok(error instanceof TimeoutError && error.timeout === "total" && error.limitMs === 10_000);
      const { cause } = error;
      assert.ok(cause instanceof DeployError && cause.reason === "not-converged");
      assert.match(cause.taskErrors.join(), /no such image/i);
      return true;
    });
  });

  onDocker("are waited for until the caller has had enough, and go on without", async () => {
    const spec = serviceOf("sleep 300");
    const reason = new Error("enough");
    const controller = new AbortController();
    const call = docker.services.deploy(spec, { signal: controller.signal });
    await until(async () => (await docker.services.list({ filters: { label } })).length === 1, "it is made");
    controller.abort(reason);
    await assert.rejects(call, (error) => error instanceof AbortError && error.cause === reason);
    for await (const _ of docker.services.deploy(spec)) {
      break;
    }
    await assert.rejects(docker.services.deploy(spec, { signal: AbortSignal.abort(reason) }), AbortError);
    await until(async () => {
      const tasks = await docker.tasks.list({ filters: { service: [spec.Name] } });
      return tasks.some(({ Status }) => Status.State === "running");
    }, "it runs all the same");
  });

  onDocker("are not deployed without a name, or if they are not valid", async () => {
    await assert.rejects(docker.services.deploy({ ...serviceOf("true"), Name: "" }), InvalidRequestError);
    await fails(docker.services.deploy({ ...serviceOf("true"), Name: "no name" }), "BadParameter", 400, /name/);
  });
});

forEachSwarmEngine("services without a swarm", (engine) => {
  useAlone(engine);
  const { docker } = useWorkbench(engine);

  it("are not there", async () => {
    if ((await engine.facts()).isPodman) {
      return;
    }
    const message = /not a swarm manager/;
    await fails(docker.services.list(), "NotInSwarm", 503, message);
    await fails(docker.services.create(serviceOf("true")), "NotInSwarm", 503, message);
    await fails(docker.services.inspect("x"), "NotInSwarm", 503, message);
    await fails(docker.services.update("x", serviceOf("true"), { version: 1 }), "NotInSwarm", 503, message);
    await fails(docker.services.remove("x"), "NotInSwarm", 503, message);
    await fails(docker.services.logs("x"), "NotInSwarm", 503, message);
    await fails(docker.services.deploy(serviceOf("true")), "NotInSwarm", 503, message);
    await fails(docker.tasks.list(), "NotInSwarm", 503, message);
    await fails(docker.tasks.inspect("x"), "NotInSwarm", 503, message);
    await fails(docker.tasks.logs("x"), "NotInSwarm", 503, message);
    await fails(docker.nodes.list(), "NotInSwarm", 503, message);
    await fails(docker.nodes.inspect("x"), "NotInSwarm", 503, message);
    await fails(docker.nodes.update("x", {}, { version: 1 }), "NotInSwarm", 503, message);
    await fails(docker.nodes.remove("x"), "NotInSwarm", 503, message);
  });
});
