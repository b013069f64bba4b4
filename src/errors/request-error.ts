import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/**
 * Thrown when the connection was made but failed before the engine's answer began: it was closed or reset, what came
 * back is not HTTP, or reading the request's body from the caller failed. The engine may or may not have acted on the
 * request; `cause` holds the platform's error.
 */
export class RequestError extends FairleadError {
  override readonly name = "RequestError";
  /** The platform's error code, e.g. `ECONNRESET`, when there is one. */
  readonly code: string | undefined;

  constructor(message: string, context: ErrorContext & { readonly code?: string | undefined } = {}) {
    super(message, context);
    this.code = context.code;
  }
}
