import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import type { Operation } from "../generated/operation.ts";
import type { RequestBody, Timeouts, TransportRequest } from "../transport/transport.ts";
import { type EncodedParameters, encodeParameters, type ParameterValues } from "./parameters.ts";
import { expandPath, type PathValues } from "./path.ts";
import { refuseNewer } from "./version-gate.ts";

/** Everything that a caller gives for one operation. */
export interface CallInput {
  /** Values for the placeholders of the path. */
  readonly path?: PathValues | undefined;
  /** Query and header parameters, under the Engine's names. */
  readonly parameters?: ParameterValues | undefined;
  /** An object for operations that take JSON; bytes or an iterable of bytes for those that take a tar. */
  readonly body?: unknown;
  /** Headers that are no parameters of the operation; they win over those that it sends by itself. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeouts?: Timeouts | undefined;
}

/** A request that only lacks the version: all of the caller's input has been checked and encoded. */
export interface PreparedRequest {
  readonly operation: Operation;
  readonly input: CallInput;
  readonly path: string;
  readonly parameters: EncodedParameters;
  readonly body: RequestBody | undefined;
  readonly timeouts: Timeouts;
}

/**
 * Checks and encodes the caller's input.
 *
 * @throws InvalidRequestError if a part of it cannot be sent.
 */
export function prepareRequest(operation: Operation, input: CallInput, timeouts: Timeouts): PreparedRequest {
  return {
    operation,
    input,
    path: expandPath(operation, input.path ?? {}),
    parameters: encodeParameters(operation, input.parameters),
    body: encodeBody(operation, input.body),
    timeouts,
  };
}

/**
 * The request as the given version has it; no version means an unversioned path.
 *
 * @throws InvalidRequestError if the version lacks something that the caller uses.
 */
export function addressRequest(prepared: PreparedRequest, version: string | undefined): TransportRequest {
  const { operation, input, path, parameters, body } = prepared;
  if (version !== undefined) {
    refuseNewer(operation, version, input.parameters, input.body);
  }
  return {
    operation: operation.id,
    method: operation.method,
    path: version === undefined ? path : `/v${version}${path}`,
    query: parameters.query,
    headers: { ...parameters.headers, ...headersOf(operation, body), ...input.headers },
    body,
    signal: input.signal,
    timeouts: prepared.timeouts,
    repeatable: operation.method === "GET" || operation.method === "HEAD",
  };
}

function headersOf(operation: Operation, body: RequestBody | undefined): Readonly<Record<string, string>> {
  return body === undefined ? noHeaders : contentTypes[operation.body ?? "bytes"];
}

const noHeaders = {};
const contentTypes = {
  json: { "Content-Type": "application/json" },
  tar: { "Content-Type": "application/x-tar" },
  bytes: { "Content-Type": "application/octet-stream" },
} as const;

function encodeBody(operation: Operation, body: unknown): RequestBody | undefined {
  if (body === undefined) {
    if (operation.bodyRequired) {
      throw invalid(operation, `${operation.id} needs a body`);
    }
    return undefined;
  }
  if (operation.body === undefined) {
    throw invalid(operation, `${operation.id} takes no body`);
  }
  return operation.body === "json" ? encodeJson(operation, body) : requireBytes(operation, body);
}

function encodeJson(operation: Operation, body: unknown): string {
  if (typeof body !== "object" || body === null) {
    throw invalid(operation, `The body of ${operation.id} must be an object`);
  }
  try {
    return JSON.stringify(body);
  } catch (cause) {
    throw invalid(operation, `The body of ${operation.id} cannot be written as JSON`, cause);
  }
}

function requireBytes(operation: Operation, body: unknown): RequestBody {
  if (typeof body === "string" || body instanceof Uint8Array || isAsyncIterable(body)) {
    return body;
  }
  throw invalid(operation, `The body of ${operation.id} must be bytes or an async iterable of bytes`);
}

function isAsyncIterable(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function invalid({ id, method, path }: Operation, message: string, cause?: unknown): InvalidRequestError {
  return new InvalidRequestError(message, { operation: id, method, path, parameter: "body", cause });
}
