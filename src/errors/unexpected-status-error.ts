import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/** An answer as it came, kept for the caller to read. */
export interface RawResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The headers, with lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body, at most its first mebibyte. */
  readonly body: Uint8Array;
}

/**
 * Thrown by both views of a call when the engine, or a proxy before it, answered with a status that the operation does
 * not document. The response stays readable in `response`.
 */
export class UnexpectedStatusError extends FairleadError {
  override readonly name = "UnexpectedStatusError";
  /** The HTTP status. */
  readonly status: number;
  /** The message of the body if it is the engine's JSON, else the beginning of its text. */
  readonly engineMessage: string;
  /** The answer as it came. */
  readonly response: RawResponse;

  constructor(response: RawResponse, engineMessage: string, context?: ErrorContext) {
    const said = engineMessage === "" ? " with no message" : `: ${engineMessage}`;
    super(`The engine gave the undocumented answer ${response.status}${said}`, context);
    this.status = response.status;
    this.engineMessage = engineMessage;
    this.response = response;
  }
}
