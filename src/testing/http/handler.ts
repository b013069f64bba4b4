import type { Duplex } from "node:stream";
import type { Outcomes } from "../../generated/outcomes.ts";
import type { World } from "../state/world.ts";
import type { OperationId } from "./routes.ts";

/** A body that is written as it is made. It is left, with its iterator's `return`, when the client goes away. */
export interface ByteReply {
  readonly contentType: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** What a handler does with a connection that was upgraded. It is ended when this resolves. */
export interface Takeover {
  /** The headers of the 101. Default: those of `Upgrade: tcp` with the content type of raw bytes. */
  readonly headers?: Readonly<Record<string, string>>;
  /** @param signal is aborted when the client is gone, or the engine closes */
  serve(connection: Duplex, signal: AbortSignal): Promise<void>;
}

type OutcomeOf<Id extends OperationId> = Outcomes<ByteReply, Takeover>[Id];

/**
 * A documented answer with a value, as a handler gives it; failures are thrown as a `Refusal`. When the value is a
 * promise, the headers are sent before it settles.
 */
type Reply<O> = O extends { readonly status: infer S; readonly value: infer V }
  ? { readonly status: S; readonly value: V | Promise<V>; readonly headers?: Readonly<Record<string, string>> }
  : never;

/** One request, read and checked. */
export interface EngineRequest {
  readonly operation: OperationId;
  /** The API version that the client speaks. */
  readonly version: string;
  /** The parameters in the path, by their names. */
  readonly path: Readonly<Record<string, string>>;
  /** The parameters in the query and the headers, by their names in src/generated/parameters.ts. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The headers, with lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as JSON: an empty object if there is none. Throws a Refusal if it is malformed. */
  json(): Promise<Record<string, unknown>>;
  /** The body as it comes. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Is aborted when the client is gone before it has the whole answer, or the engine closes. */
  readonly signal: AbortSignal;
}

/** Answers one operation. */
export type Handler<Id extends OperationId> = (
  request: EngineRequest,
  world: World,
) => Reply<OutcomeOf<Id>> | Promise<Reply<OutcomeOf<Id>>>;

/** The handlers of some operations. What has none is answered with 501. */
export type Handlers = { readonly [Id in OperationId]?: Handler<Id> };
