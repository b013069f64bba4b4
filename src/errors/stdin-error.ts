import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/**
 * Thrown by a write to the standard input of a container or an exec that nobody reads any more: the engine has ended the
 * stream, because the process ended or the stream was detached. What the process had not read is lost.
 */
export class StdinError extends FairleadError {
  override readonly name = "StdinError";

  constructor(context?: ErrorContext) {
    super("Nothing reads the standard input any more: the engine has ended the stream", context);
  }
}
