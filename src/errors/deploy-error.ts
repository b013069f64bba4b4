import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/**
 * Why a service did not become what it was to be: `paused`, its update failed and stopped half-way; `rolled-back`, its
 * update failed and the service is what it was before; `rollback-paused`, that failed too; `not-converged`, its tasks did
 * not all run in time.
 */
export type DeployFailure = "paused" | "rolled-back" | "rollback-paused" | "not-converged";

/**
 * Thrown by `services.deploy` when the swarm has given the update up, and the `cause` of the `TimeoutError` when it has
 * not, but time is over.
 */
export class DeployError extends FairleadError {
  override readonly name = "DeployError";
  /** Why the service is not what it was to be. */
  readonly reason: DeployFailure;
  /** The service's id. */
  readonly service: string;
  /** The swarm's own words on the update; empty if it has none. */
  readonly engineMessage: string;
  /** What the tasks failed with, each text once. */
  readonly taskErrors: readonly string[];

  constructor(
    facts: { reason: DeployFailure; service: string; engineMessage: string; taskErrors: readonly string[] },
    context?: ErrorContext,
  ) {
    super([messages[facts.reason], facts.engineMessage, ...facts.taskErrors].filter(Boolean).join(": "), context);
    this.reason = facts.reason;
    this.service = facts.service;
    this.engineMessage = facts.engineMessage;
    this.taskErrors = facts.taskErrors;
  }
}

const messages = {
  paused: "The update of the service is paused",
  "rolled-back": "The update of the service was rolled back",
  "rollback-paused": "The rollback of the service is paused",
  "not-converged": "The service has not converged",
} as const;
