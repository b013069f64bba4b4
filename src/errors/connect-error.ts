import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/** One place where an engine was looked for, and why it was not reached. */
export interface ConnectAttempt {
  /** The address, e.g. `unix:///var/run/docker.sock`. */
  readonly endpoint: string;
  /** Where the address comes from, e.g. `DOCKER_HOST` or `the default socket`. */
  readonly source: string;
  /** Why it failed, in words, e.g. `no such file`. */
  readonly reason: string;
  /** The platform's error code, e.g. `ENOENT`, or one of docs/transports.md, e.g. `SSH_LOGIN_REFUSED`, when there is one. */
  readonly code?: string | undefined;
  /** What to do about it. */
  readonly advice?: string | undefined;
}

/**
 * Thrown when no engine could be reached: nothing listens, the socket is missing, or permission is denied. Nothing was
 * sent. A connection that is lost later is a `RequestError` or a `ResponseError`, and one that takes too long to open
 * is a `TimeoutError`.
 */
export class ConnectError extends FairleadError {
  override readonly name = "ConnectError";
  /** Every address that was tried, in order. */
  readonly attempts: readonly ConnectAttempt[];

  constructor(attempts: readonly ConnectAttempt[], context?: ErrorContext) {
    super(summarize(attempts), context);
    this.attempts = attempts;
  }
}

function summarize(attempts: readonly ConnectAttempt[]): string {
  const advice = [...new Set(attempts.flatMap((attempt) => attempt.advice ?? []))];
  const [only] = attempts;
  if (only !== undefined && attempts.length === 1) {
    return [`Cannot reach a Docker engine at ${line(only)}`, ...advice].join(". ");
  }
  const tried = attempts.map((attempt) => `\n  - ${line(attempt)}`).join("");
  return [`Cannot reach a Docker engine. Tried:${tried}`, ...advice].join("\n");
}

function line({ endpoint, source, reason }: ConnectAttempt): string {
  return `${endpoint} (${source}): ${reason}`;
}
