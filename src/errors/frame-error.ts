import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/**
 * Thrown when a multiplexed stream holds a frame whose header is not one (an unknown stream type, or a length over the
 * limit). A stream that ends in the middle of a frame is a `ResponseError`.
 */
export class FrameError extends FairleadError {
  override readonly name = "FrameError";
  /** Where the frame begins, in bytes from the start of the stream. */
  readonly position: number;

  constructor(message: string, context: ErrorContext & { readonly position: number }) {
    super(message, context);
    this.position = context.position;
  }
}
