import { FairleadError } from "./fairlead-error.ts";

/**
 * Thrown when a file that says where the engine is, or how to speak with it, cannot be used: `config.json` or a
 * context's file is unreadable, too large, not JSON or of another form, or the context is not there. Nothing was sent.
 * The message never shows what the file holds, since that may be secret.
 */
export class ConfigError extends FairleadError {
  override readonly name = "ConfigError";
  /** The file or folder. */
  readonly file: string;

  constructor(message: string, file: string, cause?: unknown) {
    super(message, { cause });
    this.file = file;
  }
}
