import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/**
 * Thrown before anything is sent, when a request cannot be built: an empty id, a path with dot segments, an option of
 * the wrong type, or an option that the negotiated API version does not have.
 */
export class InvalidRequestError extends FairleadError {
  override readonly name = "InvalidRequestError";
  /** The parameter or field that is wrong, e.g. `id` or `HostConfig.Annotations`. */
  readonly parameter: string | undefined;

  constructor(message: string, context: ErrorContext & { readonly parameter?: string | undefined } = {}) {
    super(message, context);
    this.parameter = context.parameter;
  }
}
