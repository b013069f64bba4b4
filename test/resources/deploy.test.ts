import assert from "node:assert/strict";
import { describe } from "node:test";
import { type DeployEvent, StatusError } from "../../src/index.ts";
import { answer, exchange, type Seen } from "../engine/support.ts";
import { leakCheck } from "../support/leaks.ts";

const spec = { Name: "web", TaskTemplate: { ContainerSpec: { Image: "x" } }, UpdateConfig: { Monitor: 1 } };
const moment = { Version: { Index: 7 }, CreatedAt: "", UpdatedAt: "", Endpoint: {} };
const service = { ...moment, ID: "w1", Spec: { ...spec, Mode: { Replicated: { Replicas: 1 } } } };
const node = { ...moment, ID: "n1", Spec: {}, Description: {}, Status: { State: "ready", Addr: "" } };
const task = (more: object = {}) => ({
  ...moment,
  ID: "t1",
  Labels: {},
  Spec: {},
  ServiceID: "w1",
  Slot: 1,
  NodeID: "n1",
  Status: { Timestamp: "", State: "running", Message: "" },
  DesiredState: "running",
  ...more,
});

/** Answers as a swarm does in which everything runs, but for the lines that are given. */
function swarm({ line }: Seen, others: Readonly<Record<string, () => string>> = {}): string {
  const [wanted = ""] = line.replace("/v1.51", "").split("?");
  const usual: Readonly<Record<string, () => string>> = {
    "GET /services/web": () => answer(200, service),
    "GET /services/w1": () => answer(200, service),
    "POST /services/w1/update": () => answer(200, { Warnings: null }),
    "POST /services/create": () => answer(201, { ID: "w1", Warnings: ["slow"] }),
    "GET /tasks": () => answer(200, [task()]),
    "GET /nodes": () => answer(200, [node]),
  };
  return (others[wanted] ?? usual[wanted] ?? (() => answer(404, { message: `no ${wanted}` })))();
}

const changes = (seen: readonly Seen[]) => seen.map(({ line }) => line).filter((line) => line.startsWith("POST"));

describe("a deployment", () => {
  leakCheck();

  let refusals = 2;
  const overtaken = () =>
    refusals-- > 0 ? answer(500, { message: "rpc error: update out of sequence" }) : answer(200, { Warnings: null });
  exchange(
    "that others overtake is tried again with the new version",
    (request) => swarm(request, { "POST /services/w1/update": overtaken }),
    async ({ docker, seen }) => {
      assert.deepEqual(await docker.services.deploy(spec), { ID: "w1", Warnings: [] });
      assert.deepEqual(changes(seen), Array(3).fill("POST /v1.51/services/w1/update?version=7"));
    },
  );

  exchange(
    "does not take a service for its own whose id begins like the name",
    (request) =>
      swarm(request, {
        "GET /services/web": () => answer(200, { ...service, ID: "web7", Spec: { ...service.Spec, Name: "other" } }),
      }),
    async ({ docker, seen }) => {
      assert.deepEqual(await docker.services.deploy(spec), { ID: "w1", Warnings: ["slow"] });
      assert.deepEqual(changes(seen), ["POST /v1.51/services/create"]);
    },
  );

  exchange(
    "does not restart tasks that were restarted by force before",
    (request) =>
      swarm(request, {
        "GET /services/web": () =>
          answer(200, { ...service, Spec: { ...service.Spec, TaskTemplate: { ForceUpdate: 3 } } }),
      }),
    async ({ docker, seen }) => {
      await docker.services.deploy(spec);
      const update = seen.find(({ line }) => line.startsWith("POST"));
      assert.deepEqual(JSON.parse(update?.body ?? ""), {
        ...spec,
        TaskTemplate: { ForceUpdate: 3, ...spec.TaskTemplate },
      });
    },
  );

  exchange(
    "fails with the operation that was refused",
    (request) => swarm(request, { "POST /services/w1/update": () => answer(400, { message: "no" }) }),
    async ({ docker }) => {
      await assert.rejects(docker.services.deploy(spec), (error) => {
        assert.ok(error instanceof StatusError);
        assert.deepEqual([error.kind, error.operation], ["BadParameter", "ServiceUpdate"]);
        return true;
      });
    },
  );

  let looks = 0;
  const tasks = () => {
    looks += 1;
    return answer(200, looks < 3 ? [task({ ID: "t0" }), task({ NodeID: "n2", Slot: 2 })] : [task(), task({ Slot: 2 })]);
  };
  const two = { ...service, Spec: { ...service.Spec, Mode: { Replicated: { Replicas: 2 } } } };
  exchange(
    "does not count tasks on nodes that are down",
    (request) =>
      swarm(request, {
        "GET /services/w1": () => answer(200, two),
        "GET /tasks": tasks,
        "GET /nodes": () => answer(200, [node, { ...node, ID: "n2", Status: { State: "down", Addr: "" } }]),
      }),
    async ({ docker }) => {
      const events: DeployEvent[] = [];
      for await (const event of docker.services.deploy(spec)) {
        events.push(event);
      }
      assert.deepEqual(
        events.map(({ ready, desired }) => [ready, desired]),
        [
          [1, 2],
          [2, 2],
        ],
      );
    },
  );
});
