import type { Service as ServiceModel, ServiceSpec, ServiceStatus } from "../../generated/models.ts";
import type { Handlers } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import { chooser, hasLabel } from "../state/filters.ts";
import { goTime } from "../state/timestamps.ts";
import type { Cluster } from "../swarm/cluster.ts";
import { headOf } from "../swarm/ledger.ts";
import { isJob, jobSizeOf, modeOf, replicasOf, type Service } from "../swarm/service.ts";
import { withDefaults } from "../swarm/service-spec.ts";
import { isWanted } from "../swarm/task.ts";
import { credentialsOf } from "./pull.ts";
import { taskLogsReply } from "./task-logs.ts";
import { versionOf } from "./version-of.ts";

export const serviceHandlers: Handlers = {
  ServiceList: ({ parameters }, { swarm }) => {
    const { cluster } = swarm;
    const chosen = cluster.services.all().filter(
      chooser<Service>(parameters["filters"], {
        id: ({ ID }, value) => ID.startsWith(value),
        name: ({ spec }, value) => spec.Name?.startsWith(value) ?? false,
        label: ({ spec }, value) => hasLabel(spec.Labels, value),
        mode: ({ spec }, value) => modeOf(spec) === value,
        runtime: (_, value) => value === "container",
      }),
    );
    const withStatus = parameters["status"] === true;
    const value = chosen.map((service) => ({
      ...describeService(service),
      ...(withStatus ? { ServiceStatus: statusOf(service, cluster) } : {}),
    }));
    return { status: 200, value };
  },
  ServiceInspect: ({ path, parameters }, { swarm }) => {
    const service = swarm.cluster.services.find(path["id"] ?? "");
    const described = describeService(service);
    const Spec = parameters["insertDefaults"] === true ? withDefaults(service.spec) : service.spec;
    return { status: 200, value: { ...described, Spec } };
  },
  ServiceCreate: async ({ json, parameters }, { swarm }) => {
    const { services } = swarm.cluster;
    const spec: ServiceSpec = await json();
    const { ID } = services.create(spec, credentialsOf(parameters["registryAuth"]));
    return { status: 201, value: { ID, Warnings: null } };
  },
  ServiceUpdate: async (request, { swarm }) => {
    const version = versionOf(request, "service");
    const { services } = swarm.cluster;
    const spec: ServiceSpec = await request.json();
    const rollback = String(request.parameters["rollback"] ?? "");
    const service = services.find(request.path["id"] ?? "");
    if (rollback !== "" && rollback !== "previous") {
      throw new Refusal(500, `unrecognized rollback option ${rollback}`);
    }
    if (rollback === "previous") {
      services.rollBack(service, version);
    } else {
      const { registryAuth } = request.parameters;
      services.update(service, spec, version, registryAuth === undefined ? undefined : credentialsOf(registryAuth));
    }
    return { status: 200, value: { Warnings: null } };
  },
  ServiceDelete: ({ path }, { swarm }) => {
    const { services } = swarm.cluster;
    services.delete(services.find(path["id"] ?? ""));
    return { status: 200, value: undefined };
  },
  ServiceLogs: (request, { swarm, clock }) => {
    const { cluster } = swarm;
    const service = cluster.services.find(request.path["id"] ?? "");
    return {
      status: 200,
      value: taskLogsReply(cluster.tasks, (task) => task.service === service, request, clock.now()),
    };
  },
};

function describeService(service: Service): ServiceModel {
  const { spec, previousSpec, updateStatus, jobIteration, lastExecutionMs } = service;
  return {
    ...headOf(service),
    Spec: spec,
    ...(previousSpec === undefined ? {} : { PreviousSpec: previousSpec }),
    Endpoint: endpointOf(service),
    ...(updateStatus === undefined ? {} : { UpdateStatus: updateStatus }),
    ...(isJob(spec)
      ? { JobStatus: { JobIteration: { Index: jobIteration }, LastExecution: goTime(lastExecutionMs) } }
      : {}),
  };
}

/** The ports of a service; nothing listens on them, and so no address is given to the service. */
function endpointOf({ spec }: Service): ServiceModel["Endpoint"] {
  const { EndpointSpec } = spec;
  if (EndpointSpec === undefined) {
    return { Spec: {} };
  }
  const ports = (EndpointSpec.Ports ?? []).map((port, index) => ({
    Protocol: "tcp",
    PublishMode: "ingress",
    ...port,
    PublishedPort: port.PublishedPort || 30_000 + index,
  }));
  return { Spec: EndpointSpec, ...(ports.length === 0 ? {} : { Ports: ports }) };
}

/** How many tasks there are, and how many there should be (moby:daemon/cluster/services.go). */
function statusOf(service: Service, { tasks }: Cluster): ServiceStatus {
  const own = tasks.of(service);
  const current = own.filter(({ jobIteration }) => jobIteration === service.jobIteration);
  const running = current.filter(({ report }) => report.state === "running").length;
  const completed = current.filter(({ report }) => report.state === "complete").length;
  const desired = {
    replicated: () => replicasOf(service.spec),
    global: () => own.filter(isWanted).length,
    "replicated-job": () => jobSizeOf(service.spec).atOnce,
    "global-job": () => 1,
  }[modeOf(service.spec)]();
  return { RunningTasks: running, DesiredTasks: desired, CompletedTasks: isJob(service.spec) ? completed : 0 };
}
