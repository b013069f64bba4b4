import type { AuthConfig, ServiceSpec, UpdateStatus } from "../../generated/models.ts";
import type { SwarmObject } from "./ledger.ts";

/** A service: what is to run, how often, and how it changes. */
export interface Service extends SwarmObject {
  spec: ServiceSpec;
  /** What a rollback goes back to. */
  previousSpec: ServiceSpec | undefined;
  updateStatus: UpdateStatus | undefined;
  /** With what its nodes pull its image. */
  registryAuth: AuthConfig;
  /** How often a job was begun anew. */
  jobIteration: number;
  lastExecutionMs: number;
  /** Whether it was removed. */
  removed: boolean;
}

/** A service's mode as one word, as filters call it. */
export type ModeName = "replicated" | "global" | "replicated-job" | "global-job";

export function modeOf({ Mode }: ServiceSpec): ModeName {
  if (Mode?.Global) return "global";
  if (Mode?.ReplicatedJob) return "replicated-job";
  return Mode?.GlobalJob ? "global-job" : "replicated";
}

export function isJob(spec: ServiceSpec): boolean {
  return modeOf(spec).endsWith("-job");
}

/** How many tasks run to their end in all, and at once. */
export function jobSizeOf({ Mode }: ServiceSpec): { readonly total: number; readonly atOnce: number } {
  const { MaxConcurrent, TotalCompletions } = Mode?.ReplicatedJob ?? {};
  const atOnce = MaxConcurrent || 1;
  return { total: TotalCompletions ?? atOnce, atOnce };
}

/** How many tasks of a replicated service there are to be. */
export function replicasOf({ Mode }: ServiceSpec): number {
  return Mode?.Replicated?.Replicas ?? 1;
}

/** What of a service decides whether a task has to be replaced. */
export function templateOf({ TaskTemplate, EndpointSpec }: ServiceSpec): string {
  return JSON.stringify([TaskTemplate, EndpointSpec]);
}

/** How an update proceeds; times are in nanoseconds. */
export interface UpdatePlan {
  readonly Parallelism: number;
  readonly Delay: number;
  readonly FailureAction: string;
  readonly Monitor: number;
  readonly MaxFailureRatio: number;
  readonly Order: string;
}

/** The same when nothing is said. */
export const updateDefaults: UpdatePlan = {
  Parallelism: 1,
  Delay: 0,
  FailureAction: "pause",
  Monitor: 5_000_000_000,
  MaxFailureRatio: 0,
  Order: "stop-first",
};

/** The services that use a secret or a config. */
export function usersOf(services: readonly Service[], kind: "secret" | "config", id: string): string[] {
  return services
    .filter(({ spec }) => {
      const { Secrets = [], Configs = [] } = spec.TaskTemplate?.ContainerSpec ?? {};
      return kind === "secret"
        ? Secrets.some(({ SecretID }) => SecretID === id)
        : Configs.some(({ ConfigID }) => ConfigID === id);
    })
    .map(({ spec }) => spec.Name ?? "");
}
