import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/**
 * Thrown when the caller's `AbortSignal` ended the call, or when the client was closed while the call ran. `cause` is
 * the signal's reason. The engine may have acted on the request already.
 */
export class AbortError extends FairleadError {
  override readonly name = "AbortError";

  constructor(message: string, context?: ErrorContext) {
    super(message, context);
  }
}
