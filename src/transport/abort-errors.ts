import { AbortError } from "../errors/abort-error.ts";
import type { TransportRequest } from "./transport.ts";

/** The error of a call that its caller aborted. */
export function abortedBySignal(request: TransportRequest): AbortError {
  return abortError("The call was aborted", request, request.signal?.reason);
}

/** The error of a call that ran, or began, when the client was closed. */
export function clientClosed(request: TransportRequest): AbortError {
  return abortError("The client was closed", request);
}

/** The error of an answer that its caller closed and then went on to read. */
export function closedByCaller(request: TransportRequest): AbortError {
  return abortError("The connection was closed by its reader", request);
}

function abortError(message: string, { operation, method, path }: TransportRequest, cause?: unknown): AbortError {
  return new AbortError(message, { operation, method, path, cause });
}
