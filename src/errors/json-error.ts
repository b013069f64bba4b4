import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/** What was received instead of JSON. */
export interface JsonFacts {
  /** The HTTP status of the answer; undefined when it is not known. */
  readonly status?: number | undefined;
  /** The bytes that are not JSON, at most the first 64 KiB of them. */
  readonly bytes: Uint8Array;
  /** Where those bytes begin, in bytes from the start of the body. */
  readonly position: number;
}

/** Thrown when a body, or one line of a stream, should be JSON and is not. Status and bytes are kept. */
export class JsonError extends FairleadError implements JsonFacts {
  override readonly name = "JsonError";
  readonly status: number | undefined;
  readonly bytes: Uint8Array;
  readonly position: number;

  constructor(message: string, facts: JsonFacts, context?: ErrorContext) {
    super(message, context);
    this.status = facts.status;
    this.bytes = facts.bytes;
    this.position = facts.position;
  }
}
