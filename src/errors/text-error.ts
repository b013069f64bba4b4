import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/**
 * Thrown by the views of a stream that give text when its bytes are not UTF-8, or when a line or the whole text is longer
 * than the limit. The views that give bytes never throw it.
 */
export class TextError extends FairleadError {
  override readonly name = "TextError";
  /** Where the text that could not be given begins, in bytes from the start of its stream. */
  readonly position: number;

  constructor(message: string, context: ErrorContext & { readonly position: number }) {
    super(message, context);
    this.position = context.position;
  }
}
