import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/**
 * Which limit was exceeded: `connect`, opening the connection; `headers`, from the request's last byte to the answer's
 * headers; `idle`, the pause between two pieces of the answer's body; `total`, the whole of a call that has `timeoutMs`.
 */
export type TimeoutKind = "connect" | "headers" | "idle" | "total";

/** Thrown when one of the client's own limits was exceeded. The connection is closed. */
export class TimeoutError extends FairleadError {
  override readonly name = "TimeoutError";
  /** Which limit was exceeded. */
  readonly timeout: TimeoutKind;
  /** The limit in milliseconds. */
  readonly limitMs: number;

  constructor(timeout: TimeoutKind, limitMs: number, context?: ErrorContext) {
    super(`${limits[timeout]} took longer than ${limitMs} ms`, context);
    this.timeout = timeout;
    this.limitMs = limitMs;
  }
}

const limits = {
  connect: "Connecting to the engine",
  headers: "The engine's answer",
  idle: "The next piece of the engine's answer",
  total: "The call",
} as const;
