import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import type { AuthConfig, ServiceSpec } from "../generated/models.ts";
import type { Answer } from "../generated/outcome.ts";
import type { ServiceCreateOutcome, ServiceUpdateOutcome } from "../generated/outcomes.ts";
import { Deployment } from "./deployment.ts";
import { ProgressCall, ProgressRun } from "./progress-call.ts";

/** What `services.deploy` makes of a service; its name says which. */
export interface DeploySpec extends ServiceSpec {
  Name: string;
}

/** Options of `services.deploy`. */
export interface DeployOptions extends CallOptions {
  /**
   * The credentials with which the nodes pull the image, which the swarm keeps; `true` stands for those that this client
   * has for its registry. Default: none.
   */
  readonly registryAuth?: AuthConfig | boolean | undefined;
  /** How long it may take, in milliseconds. Default: as long as it takes, which may be for ever. */
  readonly timeoutMs?: number | undefined;
}

/** How far a deployment is. */
export interface DeployEvent {
  /** How many tasks of the new specification run or, for a job, are complete. */
  readonly ready: number;
  /** How many should. */
  readonly desired: number;
  /** What the swarm says of its update, e.g. `updating` or `rollback_started`; undefined if it needs none. */
  readonly updateState: string | undefined;
  /** What tasks failed with since the deployment began, each text once. */
  readonly taskErrors: readonly string[];
}

/** What a deployment came to. */
export interface DeployResult {
  /** The service's id. */
  readonly ID: string;
  /** The engine's warnings. */
  readonly Warnings: readonly string[];
}

/** The documented answers of `services.deploy`: 201 if it made the service, 200 if it changed it. */
export type DeployOutcome =
  | Answer<"Succeeded", 200 | 201, DeployResult>
  | Exclude<ServiceCreateOutcome | ServiceUpdateOutcome, { readonly value: unknown }>;

/** A running `services.deploy`: await it for the result, or iterate it for the progress. */
export type DeployCall = ProgressCall<DeployResult, DeployOutcome, DeployEvent>;

/** Starts `services.deploy`. */
export function deployService(engine: Engine, spec: DeploySpec, options: DeployOptions): DeployCall {
  const deployment = new Deployment(engine, spec, options);
  const run = new ProgressRun<DeployResult, DeployOutcome, DeployEvent>(deployment.begin(), deployment);
  return new ProgressCall(run, (outcome) => unwrapper(deployment.operation)(outcome));
}
