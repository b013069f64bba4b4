import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/**
 * Thrown when the engine reports a failure inside an answer that began as a success: an `errorDetail` in the progress
 * of a pull, or a system error frame in a log.
 */
export class EngineStreamError extends FairleadError {
  override readonly name: string = "EngineStreamError";
  /** The engine's own message, word for word. */
  readonly engineMessage: string;
  /** The engine's code for the failure, when it gives one. */
  readonly code: number | undefined;

  constructor(engineMessage: string, context: ErrorContext & { readonly code?: number | undefined } = {}) {
    super(`The engine reported: ${engineMessage}`, context);
    this.engineMessage = engineMessage;
    this.code = context.code;
  }
}
