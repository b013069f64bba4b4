import type { ServiceSpec, TaskSpec } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";
import { invalid } from "./ledger.ts";
import { readConstraint } from "./node.ts";
import { isJob, modeOf, updateDefaults } from "./service.ts";

/**
 * A service's specification with what dockerd fills in, checked as swarmkit checks it.
 *
 * @throws Refusal if something is missing or wrong.
 */
export function readServiceSpec(spec: ServiceSpec): ServiceSpec {
  const { TaskTemplate: task, Name = "" } = spec;
  if (task?.ContainerSpec === undefined) {
    throw new Refusal(400, "mismatched Runtime and *Spec fields");
  }
  if (!/^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$/.test(Name)) {
    throw invalid("name must be valid as a DNS name component");
  }
  if (Name.length > 63) {
    throw invalid("name must be 63 characters or fewer");
  }
  if (!task.ContainerSpec.Image) {
    throw invalid("ContainerSpec: image reference must be provided");
  }
  for (const text of task.Placement?.Constraints ?? []) {
    readConstraint(text);
  }
  if (isJob(spec) && spec.UpdateConfig) {
    throw invalid("Jobs may not have an update config");
  }
  return { ...spec, Labels: spec.Labels ?? {}, TaskTemplate: readTask(task), ...filled(spec) };
}

/** A specification with all that holds when nothing is said. */
export function withDefaults(spec: ServiceSpec): ServiceSpec {
  const task = spec.TaskTemplate;
  return {
    ...spec,
    TaskTemplate: {
      Resources: {},
      Placement: {},
      ...task,
      ContainerSpec: { StopGracePeriod: 10_000_000_000, DNSConfig: {}, ...task?.ContainerSpec },
      RestartPolicy: { Condition: "any", Delay: 5_000_000_000, MaxAttempts: 0, ...task?.RestartPolicy },
    },
    ...(isJob(spec) ? {} : { UpdateConfig: { ...updateDefaults, ...spec.UpdateConfig } }),
    ...(isJob(spec) ? {} : { RollbackConfig: { ...updateDefaults, ...spec.RollbackConfig } }),
  };
}

function readTask(task: TaskSpec): TaskSpec {
  const { RestartPolicy } = task;
  return {
    ...task,
    ContainerSpec: { ...task.ContainerSpec, Isolation: task.ContainerSpec?.Isolation || "default" },
    ...(RestartPolicy ? { RestartPolicy: { Condition: "any", MaxAttempts: 0, ...RestartPolicy } } : {}),
    ForceUpdate: task.ForceUpdate ?? 0,
    Runtime: task.Runtime || "container",
  };
}

function filled(spec: ServiceSpec): Partial<ServiceSpec> {
  const { Monitor: _, ...config } = updateDefaults;
  const { EndpointSpec } = spec;
  return {
    ...(modeOf(spec) === "replicated"
      ? { Mode: { Replicated: { Replicas: spec.Mode?.Replicated?.Replicas ?? 1 } } }
      : {}),
    ...(spec.UpdateConfig ? { UpdateConfig: { ...config, ...spec.UpdateConfig } } : {}),
    ...(spec.RollbackConfig ? { RollbackConfig: { ...config, ...spec.RollbackConfig } } : {}),
    ...(EndpointSpec ? { EndpointSpec: { ...EndpointSpec, Mode: EndpointSpec.Mode || "vip" } } : {}),
  };
}
