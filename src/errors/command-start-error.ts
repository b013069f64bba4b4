import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/**
 * Thrown by `containers.exec` when the engine could not start the command: it is not there, or cannot be run. A command
 * that ran and ended with 126 or 127 by itself is no error.
 */
export class CommandStartError extends FairleadError {
  override readonly name = "CommandStartError";
  /** 127 if the command was not found, 126 if it cannot be run; some engines say 126 for both. */
  readonly exitCode: number;
  /** What the engine says, word for word. */
  readonly engineMessage: string;

  constructor(exitCode: number, engineMessage: string, context?: ErrorContext) {
    super(`The command could not be started: ${engineMessage}`, context);
    this.exitCode = exitCode;
    this.engineMessage = engineMessage;
  }
}
