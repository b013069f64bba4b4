import { type ErrorContext, FairleadError } from "./fairlead-error.ts";
import type { RawResponse } from "./unexpected-status-error.ts";

/**
 * Thrown when a request to turn the connection into a two-way stream was answered without `101 Switching Protocols`,
 * most often by a proxy that does not pass upgrades on. The answer stays readable in `response`,
 * except for a body without a length, which might be the stream itself.
 */
export class UpgradeError extends FairleadError {
  override readonly name = "UpgradeError";
  /** The HTTP status that came instead of 101. */
  readonly status: number;
  /** The answer as it came. */
  readonly response: RawResponse;

  constructor(response: RawResponse, context?: ErrorContext) {
    super(`The connection was not upgraded: ${response.status} came instead of 101. Is a proxy in between?`, context);
    this.status = response.status;
    this.response = response;
  }
}
