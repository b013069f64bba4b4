import { parseJson } from "../codecs/json.ts";
import type { ErrorContext } from "../errors/fairlead-error.ts";
import { ResponseError } from "../errors/response-error.ts";
import { StatusError } from "../errors/status-error.ts";
import { UnexpectedStatusError } from "../errors/unexpected-status-error.ts";
import { UpgradeError } from "../errors/upgrade-error.ts";
import type { Operation } from "../generated/operation.ts";
import type { Answer, Failure } from "../generated/outcome.ts";
import type { Headers, TransportResponse, UpgradedConnection } from "../transport/transport.ts";
import { errorBodyLimitBytes, readEngineMessage } from "./engine-message.ts";

export type { UpgradedConnection };

/** Any documented answer of any operation. */
export type AnyOutcome = Answer<string, number, unknown> | Failure<string, number>;

/** An answer as the transport gives it; only a 101 comes with a connection. */
export type EngineResponse = TransportResponse | UpgradedConnection;

/** Whether the answer is an upgraded connection. The transport gives a 101 in no other form. */
export function isUpgraded(response: EngineResponse): response is UpgradedConnection {
  return response.status === 101;
}

/** Where an answer comes from: for error messages, and for what depends on the version. */
export interface AnswerContext extends ErrorContext {
  /** The API version that was spoken; undefined for the few operations that have none. */
  readonly version: string | undefined;
}

/** Makes the value of an answer that is a stream. */
export type OpenStream = (response: EngineResponse, context: AnswerContext) => unknown;

/** Makes the value of an upgraded connection, which is closed if that fails. */
export function onUpgrade(open: (connection: UpgradedConnection, context: AnswerContext) => unknown): OpenStream {
  return async (response, context) => {
    if (!isUpgraded(response)) {
      throw await notUpgraded(response, context);
    }
    try {
      return await open(response, context);
    } catch (error) {
      response.destroy();
      throw error;
    }
  };
}

/**
 * The outcome of an answer that is not an error.
 *
 * @throws UnexpectedStatusError if the operation does not document the status; UpgradeError if the connection should
 *   have been upgraded; JsonError if the body should be JSON and is not.
 */
export async function readSuccess(
  operation: Operation,
  response: EngineResponse,
  context: AnswerContext,
  open: OpenStream,
): Promise<AnyOutcome> {
  const { status } = response;
  const kind = operation.kinds[status];
  if (isUpgraded(response)) {
    return { kind: kind ?? "Upgraded", status, value: open(response, context) };
  }
  if (kind === undefined) {
    throw await undocumented(operation, response, context);
  }
  return { kind, status, value: await readValue(operation, response, context, open) };
}

/**
 * The outcome of an answer that is an error, given its body.
 *
 * @throws UnexpectedStatusError if the operation does not document the status.
 */
export function readFailure(
  operation: Operation,
  { status, headers }: TransportResponse,
  body: Uint8Array,
  message: string,
  context: ErrorContext,
): AnyOutcome {
  const kind = operation.kinds[status];
  if (kind === undefined) {
    throw new UnexpectedStatusError({ status, headers, body }, message, context);
  }
  const outcome = { kind, status, error: { message } };
  origins.set(outcome, context);
  return outcome;
}

/** Which request each failure answers, for the error that it may become. */
const origins = new WeakMap<AnyOutcome, ErrorContext>();

/**
 * The value of an outcome. This is the one place that decides to throw; `context` is for failures that were not read here.
 *
 * @throws StatusError if the outcome is a failure.
 */
export function unwrap(outcome: AnyOutcome, context: ErrorContext): unknown {
  if ("error" in outcome) {
    const { kind, status, error } = outcome;
    throw new StatusError({ kind, status, engineMessage: error.message }, origins.get(outcome) ?? context);
  }
  return outcome.value;
}

async function readValue(
  operation: Operation,
  response: TransportResponse,
  context: AnswerContext,
  open: OpenStream,
): Promise<unknown> {
  switch (answerOf(operation, response)) {
    case "empty":
      await response.bytes(errorBodyLimitBytes);
      return undefined;
    case "json":
      return parseJson(await readBody(response, context), {
        status: response.status,
        bigints: operation.bigints,
        context,
      });
    case "text":
      return new TextDecoder().decode(await readBody(response, context));
    case "headers":
      await response.bytes(errorBodyLimitBytes);
      return canonicalNames(response.headers);
    default:
      return open(response, context);
  }
}

/** Far more than any answer that is read as a whole. */
const bodyLimitBytes = 128 * 1024 * 1024;

/**
 * Reads an answer's body as a whole.
 *
 * @throws ResponseError if it is longer than 128 MiB: an engine that never stops would fill the memory.
 */
export async function readBody(response: TransportResponse, context: ErrorContext): Promise<Uint8Array> {
  const bytes = await response.bytes(bodyLimitBytes);
  if (bytes.length === bodyLimitBytes) {
    const facts = { status: response.status, receivedBytes: bytes.length };
    throw new ResponseError(`The engine's answer has ${bodyLimitBytes} bytes or more`, facts, context);
  }
  return bytes;
}

/** 304 says "already so" and has no body, whatever else the operation answers; nor has a 200 where 101 is the rule. */
function answerOf({ answer }: Operation, { status }: TransportResponse): Operation["answer"] {
  return status === 304 || answer === "upgrade" ? "empty" : answer;
}

/** Headers under the names that the specification uses, e.g. `Api-Version`. */
function canonicalNames(headers: Headers): Headers {
  const rename = (name: string) => name.replace(/(^|-)[a-z]/g, (initial) => initial.toUpperCase());
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [rename(name), value]));
}

async function undocumented(
  operation: Operation,
  response: TransportResponse,
  context: ErrorContext,
): Promise<UnexpectedStatusError | UpgradeError> {
  if (operation.answer === "upgrade") {
    return notUpgraded(response, context);
  }
  const { status, headers } = response;
  const body = await response.bytes(errorBodyLimitBytes);
  return new UnexpectedStatusError({ status, headers, body }, readEngineMessage(body), context);
}

/**
 * The error of an answer that came instead of a 101. A body without a length is left unread: it may be the stream itself,
 * which ends with the container (moby:daemon/server/router/container/container_routes.go:1142-1154).
 */
export async function notUpgraded(response: TransportResponse, context: ErrorContext): Promise<UpgradeError> {
  const { status, headers } = response;
  const hasLength = headers["content-length"] !== undefined;
  const body = hasLength ? await response.bytes(errorBodyLimitBytes) : new Uint8Array();
  response.destroy();
  return new UpgradeError({ status, headers, body }, context);
}
