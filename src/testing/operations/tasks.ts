import type { Task as TaskModel } from "../../generated/models.ts";
import type { Handlers } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import { engineFacts } from "../state/engine-facts.ts";
import { chooser, hasLabel } from "../state/filters.ts";
import { goTime } from "../state/timestamps.ts";
import { headOf } from "../swarm/ledger.ts";
import { isJob, templateOf } from "../swarm/service.ts";
import { type Task, taskName } from "../swarm/task.ts";
import { readFlag } from "./flags.ts";
import { taskLogsReply } from "./task-logs.ts";

export const taskHandlers: Handlers = {
  TaskList: ({ parameters }, { swarm }) => {
    const { tasks } = swarm.cluster;
    const choose = chooser<Task>(parameters["filters"], {
      id: ({ ID }, value) => ID.startsWith(value),
      name: (task, value) => taskName(task).startsWith(value),
      service: ({ service }, value) => service.ID === value || service.spec.Name === value,
      node: ({ nodeId }, value) => nodeId === value || (nodeId !== undefined && value === engineFacts.hostname),
      label: ({ spec }, value) => hasLabel(spec.ContainerSpec?.Labels, value),
      "desired-state": isDesired,
      runtime: (_, value) => value === "container",
      // What the docker CLI asks for: the tasks that are what their service wants now.
      "_up-to-date": ({ template, service }, value) =>
        !readFlag("_up-to-date", value) || template === templateOf(service.spec),
    });
    return { status: 200, value: tasks.all().filter(choose).map(describeTask) };
  },
  TaskInspect: ({ path }, { swarm }) => ({
    status: 200,
    value: describeTask(swarm.cluster.tasks.find(path["id"] ?? "")),
  }),
  TaskLogs: (request, { swarm, clock }) => {
    const { tasks } = swarm.cluster;
    const wanted = tasks.find(request.path["id"] ?? "");
    return { status: 200, value: taskLogsReply(tasks, (task) => task === wanted, request, clock.now()) };
  },
};

/** The state in which a task is meant to be: running, or at its end (moby:daemon/cluster/convert/task.go). */
function isDesired({ desired }: Task, value: string): boolean {
  if (!["running", "shutdown", "accepted"].includes(value)) {
    throw new Refusal(500, `Invalid desired-state filter: '${value}'`);
  }
  return desired === value;
}

function describeTask(task: Task): TaskModel {
  const { report, container, service, slot, nodeId, jobIteration } = task;
  const { Runtime: _, ...Spec } = task.spec;
  const isLive = container?.isRunning ?? false;
  return {
    ...headOf(task),
    Labels: {},
    Spec,
    ServiceID: service.ID,
    ...(slot === undefined ? {} : { Slot: slot }),
    ...(nodeId === undefined ? {} : { NodeID: nodeId }),
    Status: {
      Timestamp: goTime(report.atMs),
      State: report.state,
      Message: report.message,
      ...(report.error === "" ? {} : { Err: report.error }),
      ...(nodeId === undefined
        ? {}
        : {
            ContainerStatus: {
              ContainerID: container?.facts.Id ?? "",
              PID: isLive ? (container?.pid ?? 0) : 0,
              ExitCode: container?.exitCode ?? 0,
            },
          }),
      PortStatus: {},
    },
    DesiredState: task.desired,
    ...(isJob(service.spec) ? { JobIteration: { Index: jobIteration } } : {}),
  };
}
