import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Docker, type ServiceSpec, type Task } from "../../src/index.ts";
import { type EmbeddedEngine, type Program, startEngine } from "../../src/testing/index.ts";
import { until } from "../contract/support.ts";
import { leakCheck } from "../support/leaks.ts";

const second = 1_000_000_000;

/** Runs until it is ended, fails, or ends well, as its argument says. */
const worker: Program = async ({ cmd, env, files, clock, signal, stdout }) => {
  await stdout.write(`${cmd[1]} ${env["SLOT"] ?? ""}\n`);
  if (cmd[1] === "fail") {
    return 3;
  }
  if (cmd[1] === "read") {
    await stdout.write(files.readFile("/run/secrets/word"));
  }
  return cmd[1] === "end" ? 0 : clock.sleep(1e12, signal);
};

interface Scene {
  readonly docker: Docker;
  readonly engine: EmbeddedEngine;
  /** Makes a service that does something, with a stopped clock. */
  readonly serve: (what: string, more?: Partial<ServiceSpec>) => Promise<string>;
  /** Changes what a service does. */
  readonly change: (id: string, what: string, more?: Partial<ServiceSpec>) => Promise<void>;
  /** What its tasks do, as `state desired-state`, oldest first. */
  readonly states: (id: string) => Promise<string[]>;
}

async function withSwarm(body: (scene: Scene) => Promise<void>): Promise<void> {
  await using engine = await startEngine();
  engine.image("worker", worker);
  engine.clock.stop();
  await using docker = new Docker({ host: engine.host });
  await docker.swarm.init();
  const template = (what: string, more: Partial<ServiceSpec>) => ({
    ...more.TaskTemplate,
    ContainerSpec: { Image: "worker", Args: ["worker", what], ...more.TaskTemplate?.ContainerSpec },
  });
  const serve: Scene["serve"] = async (what, more = {}) => {
    const { ID } = await docker.services.create({ Name: what, ...more, TaskTemplate: template(what, more) });
    return ID;
  };
  const change: Scene["change"] = async (id, what, more = {}) => {
    const { Spec, Version } = await docker.services.inspect(id);
    const spec = { ...Spec, ...more, TaskTemplate: template(what, more) };
    await docker.services.update(id, spec, { version: Version.Index });
  };
  const states: Scene["states"] = async (id) =>
    (await tasksOf(docker, id)).map(({ Status, DesiredState }) => `${Status.State} ${DesiredState}`);
  await body({ docker, engine, serve, change, states });
}

async function tasksOf(docker: Docker, service: string): Promise<Task[]> {
  const tasks = await docker.tasks.list({ filters: { service: [service] } });
  return tasks.toSorted((a, b) => a.CreatedAt.localeCompare(b.CreatedAt) || (a.Slot ?? 0) - (b.Slot ?? 0));
}

async function become(states: () => Promise<string[]>, wanted: readonly string[]): Promise<void> {
  let last: string[] = [];
  await until(async () => {
    last = await states();
    return last.join() === wanted.join();
  }, `the tasks are ${wanted}`).catch((error) => assert.deepEqual(last, wanted, error));
}

const replicas = (Replicas: number): Partial<ServiceSpec> => ({ Mode: { Replicated: { Replicas } } });

describe("a swarm in an embedded engine", () => {
  leakCheck();

  it("begins a task that has failed anew, after the delay of its restart policy", () =>
    withSwarm(async ({ serve, states, engine }) => {
      const id = await serve("fail");
      await become(() => states(id), ["failed shutdown", "ready ready"]);
      await engine.clock.advance(4_999);
      await become(() => states(id), ["failed shutdown", "ready ready"]);
      await engine.clock.advance(1);
      await become(() => states(id), ["failed shutdown", "failed shutdown", "ready ready"]);
    }));

  it("gives up after as many attempts as the policy has, and keeps a few of the tasks that ended", () =>
    withSwarm(async ({ serve, states, engine, docker }) => {
      const policy = { Condition: "on-failure", Delay: second, MaxAttempts: 1 };
      const id = await serve("fail", { TaskTemplate: { RestartPolicy: policy } });
      await become(() => states(id), ["failed shutdown", "ready ready"]);
      await engine.clock.advance(1_000);
      await become(() => states(id), ["failed shutdown", "failed shutdown"]);
      const endless = await serve("end", { TaskTemplate: { RestartPolicy: { Delay: second } } });
      for (let count = 0; count < 8; count += 1) {
        await until(async () => (await states(endless)).at(-1) === "ready ready", "the next one waits");
        await engine.clock.advance(1_000);
      }
      await until(async () => (await states(endless)).length === 5, "five are kept");
      await until(async () => (await docker.containers.list({ all: true })).length === 7, "their containers too");
    }));

  it("replaces the tasks of a changed service one after the other", () =>
    withSwarm(async ({ serve, change, states, engine, docker }) => {
      const id = await serve("one", { ...replicas(2), UpdateConfig: { Parallelism: 1, Delay: 60 * second } });
      await become(() => states(id), ["running running", "running running"]);
      await change(id, "two");
      await become(() => states(id), ["shutdown shutdown", "running running", "running running"]);
      await engine.clock.advance(60_000);
      const done = ["shutdown shutdown", "shutdown shutdown", "running running", "running running"];
      await until(async () => (await states(id)).toSorted().join() === done.toSorted().join(), "both are replaced");
      assert.equal((await docker.services.inspect(id)).UpdateStatus?.State, "updating");
      await engine.clock.advance(65_000);
      await until(async () => (await docker.services.inspect(id)).UpdateStatus?.State === "completed", "it is done");
    }));

  it("starts the new task before the old one ends, if that is the order", () =>
    withSwarm(async ({ serve, change, docker }) => {
      const events = await docker.system.events({ filters: { type: ["container"], event: ["start", "die"] } });
      const id = await serve("one", { UpdateConfig: { Order: "start-first" } });
      await until(async () => (await docker.containers.list()).length === 1, "it runs");
      await change(id, "two");
      const actions: string[] = [];
      for await (const { Action } of events) {
        actions.push(Action);
        if (actions.length === 3) break;
      }
      assert.deepEqual(actions, ["start", "start", "die"]);
    }));

  it("rolls an update back whose tasks fail, and pauses one that may not be rolled back", () =>
    withSwarm(async ({ serve, change, engine, docker }) => {
      const state = async (id: string) => (await docker.services.inspect(id)).UpdateStatus?.State;
      const id = await serve("one", { UpdateConfig: { FailureAction: "rollback" } });
      await until(async () => (await docker.containers.list()).length === 1, "it runs");
      await change(id, "fail", { UpdateConfig: { FailureAction: "rollback" } });
      await until(async () => (await state(id)) === "rollback_started", "it goes back");
      await until(async () => (await docker.containers.list()).length === 1, "the old one runs again");
      const wanted = { service: [id], "desired-state": ["running"] };
      assert.equal((await docker.tasks.list({ filters: wanted })).length, 1);
      await engine.clock.advance(5_000);
      await until(async () => (await state(id)) === "rollback_completed", "it is back");
      const { Spec, PreviousSpec } = await docker.services.inspect(id);
      assert.deepEqual([Spec.TaskTemplate?.ContainerSpec?.Args?.at(-1), PreviousSpec], ["one", undefined]);
      await change(id, "fail", { UpdateConfig: { FailureAction: "pause" } });
      await until(async () => (await state(id)) === "paused", "it pauses");
    }));

  it("runs nothing on a node that is drained, or that is not what the service wants", () =>
    withSwarm(async ({ serve, states, docker }) => {
      const id = await serve("one");
      await become(() => states(id), ["running running"]);
      const [node] = await docker.nodes.list();
      const update = async (Availability: string, Labels: Record<string, string>) => {
        const { Spec, Version } = await docker.nodes.inspect(node?.ID ?? "");
        await docker.nodes.update(node?.ID ?? "", { ...Spec, Availability, Labels }, { version: Version.Index });
      };
      await update("drain", {});
      await become(() => states(id), ["shutdown shutdown", "pending running"]);
      const constrained = { TaskTemplate: { Placement: { Constraints: ["node.labels.disk == ssd"] } } };
      const other = await serve("two", constrained);
      await update("active", {});
      await become(() => states(id), ["shutdown shutdown", "running running"]);
      assert.match((await tasksOf(docker, other))[0]?.Status.Err ?? "", /constraints not satisfied on 1 node/);
      await update("active", { disk: "ssd" });
      await become(() => states(other), ["running running"]);
      await assert.rejects(serve("x", { TaskTemplate: { Placement: { Constraints: ["ssd"] } } }), /one operator/);
    }));

  it("runs a job to its end, a few tasks at once, and again when it is forced to", () =>
    withSwarm(async ({ serve, change, states, docker }) => {
      const Mode = { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 3 } };
      const id = await serve("end", { Mode, TaskTemplate: { RestartPolicy: { Condition: "none" } } });
      await become(() => states(id), Array(3).fill("complete complete"));
      const [{ ServiceStatus } = {}] = await docker.services.list({ status: true });
      assert.equal(ServiceStatus?.CompletedTasks, 3);
      await change(id, "end", { TaskTemplate: { ForceUpdate: 1, RestartPolicy: { Condition: "none" } } });
      await until(async () => {
        const tasks = await tasksOf(docker, id);
        return (
          tasks.length === 3 &&
          tasks.every(({ JobIteration, Status }) => JobIteration?.Index === 1 && Status.State === "complete")
        );
      }, "it has run again");
    }));

  it("scales, fills in what differs between tasks, and reads all their logs", () =>
    withSwarm(async ({ serve, docker, change }) => {
      const TaskTemplate = { ContainerSpec: { Env: ["SLOT={{.Task.Slot}}"] } };
      const id = await serve("one", { ...replicas(3), TaskTemplate });
      const lines = async () => (await docker.services.logs(id).text()).trim().split("\n").sort();
      await until(async () => (await lines()).length === 3, "all have printed");
      assert.deepEqual(await lines(), ["one 1", "one 2", "one 3"]);
      await change(id, "one", { ...replicas(1), TaskTemplate });
      await until(async () => (await docker.containers.list({ all: true })).length === 1, "two are gone");
      assert.equal((await docker.services.inspect(id)).UpdateStatus, undefined);
    }));

  it("gives tasks their secrets, and nobody else", () =>
    withSwarm(async ({ serve, docker }) => {
      const { ID } = await docker.secrets.create({ Name: "word", Data: Buffer.from("swordfish\n").toString("base64") });
      const Secrets = [{ SecretID: ID, SecretName: "word", File: { Name: "word", UID: "0", GID: "0", Mode: 0o400 } }];
      const id = await serve("read", { TaskTemplate: { ContainerSpec: { Secrets } } });
      await until(async () => (await docker.services.logs(id).text()).includes("swordfish"), "it is read");
      assert.equal((await docker.secrets.inspect(ID)).Spec.Data, undefined);
      await assert.rejects(docker.secrets.remove(ID), /'word' is in use by the following service: read/);
    }));

  it("counts a task with a health check as running when it is well", () =>
    withSwarm(async ({ serve, states, engine }) => {
      const HealthCheck = { Test: ["CMD", "worker", "end"], Interval: 10 * second };
      const id = await serve("one", { TaskTemplate: { ContainerSpec: { HealthCheck } } });
      await become(() => states(id), ["starting running"]);
      await engine.clock.advance(10_000);
      await become(() => states(id), ["running running"]);
    }));

  it("tells what happens to its objects as events of the swarm", () =>
    withSwarm(async ({ serve, docker }) => {
      const events = await docker.system.events({ filters: { scope: ["swarm"] } });
      const { ID } = await docker.configs.create({ Name: "conf", Data: "AAAA" });
      const id = await serve("one");
      await docker.services.remove(id);
      await docker.configs.remove(ID);
      const seen: string[] = [];
      for await (const { Type, Action, Actor } of events) {
        seen.push(`${Type} ${Action} ${Actor?.Attributes?.["name"]}`);
        if (seen.length === 4) break;
      }
      assert.deepEqual(seen, ["config create conf", "service create one", "service remove one", "config remove conf"]);
    }));

  it("takes its tasks, containers and networks with it when it is left", () =>
    withSwarm(async ({ serve, docker }) => {
      const { Id } = await docker.networks.create({ Name: "mesh", Driver: "overlay" });
      await serve("one", { ...replicas(2), TaskTemplate: { Networks: [{ Target: "mesh", Aliases: ["web"] }] } });
      await until(async () => (await docker.containers.list()).length === 2, "they run");
      const [container] = await docker.containers.list();
      assert.deepEqual(Object.keys(container?.NetworkSettings?.Networks ?? {}), ["mesh"]);
      await assert.rejects(docker.networks.remove(Id), /in use by service/);
      await assert.rejects(docker.swarm.leave(), /last manager/);
      await docker.swarm.leave({ force: true });
      assert.deepEqual(await docker.containers.list({ all: true }), []);
      const names = (await docker.networks.list()).map(({ Name }) => Name);
      assert.deepEqual(names.toSorted(), ["bridge", "docker_gwbridge", "host", "none"]);
      await assert.rejects(docker.services.list(), /not a swarm manager/);
      await docker.swarm.init();
    }));
});
