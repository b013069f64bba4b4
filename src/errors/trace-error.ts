import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/** Thrown when a record of BuildKit's trace cannot be read. */
export class TraceError extends FairleadError {
  override readonly name = "TraceError";
  /** The record as it came, in base64, at most the first 64 KiB of it. */
  readonly bytes: Uint8Array;

  constructor(message: string, context: ErrorContext & { readonly bytes: Uint8Array }) {
    super(message, context);
    this.bytes = context.bytes;
  }
}
