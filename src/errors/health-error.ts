import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/**
 * Why a container will not become healthy: `unhealthy`, its checks failed as often as it allows; `no-health-check`, it
 * has none; `not-running`, it has ended or was not started.
 */
export type HealthFailure = "unhealthy" | "no-health-check" | "not-running";

/** Thrown by `containers.waitHealthy` when there is nothing left to wait for. */
export class HealthError extends FairleadError {
  override readonly name = "HealthError";
  /** Why the container will not become healthy. */
  readonly reason: HealthFailure;
  /** What the last check printed; undefined if none is known. */
  readonly output: string | undefined;
  /** The exit code of a container that has ended. */
  readonly exitCode: number | undefined;

  constructor(
    facts: { reason: HealthFailure; output?: string | undefined; exitCode?: number | undefined },
    context?: ErrorContext,
  ) {
    super(messages[facts.reason], context);
    this.reason = facts.reason;
    this.output = facts.output;
    this.exitCode = facts.exitCode;
  }
}

const messages = {
  unhealthy: "The container is unhealthy",
  "no-health-check": "The container has no health check",
  "not-running": "The container does not run",
} as const;
