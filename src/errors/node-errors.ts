import { ConnectError } from "./connect-error.ts";
import { DialError } from "./dial-error.ts";
import type { ErrorContext } from "./fairlead-error.ts";
import { RequestError } from "./request-error.ts";
import { ResponseError } from "./response-error.ts";
import { tlsFailure } from "./tls-failures.ts";

/** Translates the failure to open a connection. `cause` is what the platform reported. */
export function connectError(
  cause: unknown,
  address: { readonly endpoint: string; readonly source: string },
  context: ErrorContext,
): ConnectError {
  const { endpoint, source } = address;
  const code = codeOf(cause);
  const tls = tlsFailure(code);
  const reason = tls?.reason ?? (code && dialReasons[code]) ?? messageOf(cause);
  const advice = tls?.advice ?? (cause instanceof DialError ? cause.advice : adviceFor(code, endpoint));
  return new ConnectError([{ endpoint, source, reason, code, advice }], { ...context, cause });
}

/** Translates a failure after the connection was open and before the answer's headers. */
export function requestError(cause: unknown, context: ErrorContext): RequestError {
  const code = codeOf(cause);
  return new RequestError(requestReason(code, cause), { ...context, cause, code });
}

/** Translates a failure in the middle of an answer's body, or of an upgraded connection. */
export function responseError(
  cause: unknown,
  facts: { readonly status: number; readonly receivedBytes: number },
  context: ErrorContext,
): ResponseError {
  const code = codeOf(cause);
  const what = isParserCode(code) ? "stopped being HTTP" : "broke off";
  const message = `The engine's answer ${what} after ${facts.receivedBytes} bytes of its body`;
  return new ResponseError(message, { ...facts, code }, { ...context, cause });
}

/** Whether the failure proves that no engine was reached although the connection seemed to be open. */
export function provesUnreached(cause: unknown): boolean {
  return cause instanceof DialError || tlsFailure(codeOf(cause)) !== undefined;
}

/** Whether the failure proves that the peer cannot have read the request: it had closed before the write. */
export function provesUnread(cause: unknown): boolean {
  return codeOf(cause) === "EPIPE";
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== "object" || cause === null || !("code" in cause)) {
    return undefined;
  }
  if (cause.code === "EPROTO" && cause instanceof Error) {
    return openSslCode(cause.message) ?? cause.code;
  }
  return typeof cause.code === "string" ? cause.code : undefined;
}

/** The code that Node gives a failure of OpenSSL, unless a write was under way: then it only passes on the words. */
function openSslCode(message: string): string | undefined {
  const [, reason] = /:SSL routines:[^:]*:([^:]+):/.exec(message) ?? [];
  return reason && `ERR_SSL_${reason.toUpperCase().replaceAll(" ", "_")}`;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error && cause.message !== "" ? cause.message : "the connection was closed";
}

const dialReasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ECONNREFUSED: "connection refused, nothing listens there",
  ENOTSOCK: "not a socket",
  ENOTDIR: "a part of the path is not a directory",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the host's name could not be looked up",
  ETIMEDOUT: "no answer from the host",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  ECONNRESET: "the connection was reset while it was opened",
  EMFILE: "this process has too many open files",
};

const adviceTable: Readonly<Record<string, string>> = {
  ENOENT: "Is the engine installed and running?",
  EACCES: "Add your user to the docker group or run as root",
  EPERM: "Add your user to the docker group or run as root",
  ECONNREFUSED: "Is the engine running?",
};

function adviceFor(code: string | undefined, endpoint: string): string | undefined {
  const aboutFiles = code === "EACCES" || code === "EPERM";
  return code === undefined || (aboutFiles && !endpoint.startsWith("unix:")) ? undefined : adviceTable[code];
}

function isParserCode(code: string | undefined): boolean {
  return code?.startsWith("HPE_") ?? false;
}

function requestReason(code: string | undefined, cause: unknown): string {
  if (code === "HPE_HEADER_OVERFLOW") {
    return "The answer's headers are too large";
  }
  if (isParserCode(code)) {
    return "The answer is not HTTP";
  }
  if (code === "EPIPE") {
    return "The engine closed the connection while the request was sent";
  }
  if (code === "ECONNRESET" || code === undefined) {
    return "The engine closed the connection without an answer";
  }
  return `The request failed: ${messageOf(cause)}`;
}
