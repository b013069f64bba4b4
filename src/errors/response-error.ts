import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/** What had arrived when a response broke off. */
export interface ResponseFacts {
  /** The HTTP status of the response that broke off. */
  readonly status: number;
  /** How many bytes of its body had arrived. */
  readonly receivedBytes: number;
  /** The platform's error code, e.g. `ECONNRESET`, when there is one. */
  readonly code?: string | undefined;
}

/**
 * Thrown when the engine's answer began but did not end: the connection was closed or reset in the middle of the body.
 * Also thrown by streams that stop before their protocol says that they may, and for an answer to be read as a whole
 * that is longer than 128 MiB.
 */
export class ResponseError extends FairleadError implements ResponseFacts {
  override readonly name = "ResponseError";
  readonly status: number;
  readonly receivedBytes: number;
  readonly code: string | undefined;

  constructor(message: string, facts: ResponseFacts, context?: ErrorContext) {
    super(message, context);
    this.status = facts.status;
    this.receivedBytes = facts.receivedBytes;
    this.code = facts.code;
  }
}
