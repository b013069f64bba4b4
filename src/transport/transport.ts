/** Limits of one exchange, in milliseconds. `undefined` or `Infinity` means no limit; `0` is a limit like any other. */
export interface Timeouts {
  /** Opening the connection. */
  readonly connectMs?: number | undefined;
  /** From the request's last byte to the answer's headers. */
  readonly headersMs?: number | undefined;
  /** The pause between two pieces of the answer's body. */
  readonly idleMs?: number | undefined;
}

/** The bytes of a request's body: all at once, or as they come. */
export type RequestBody = string | Uint8Array | AsyncIterable<Uint8Array>;

/** One request, ready to be written. */
export interface TransportRequest {
  /** The operation's id, for error messages. */
  readonly operation: string;
  readonly method: string;
  /** The path without its query, escaped. */
  readonly path: string;
  /** The query with its leading `?`, or an empty string. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeouts: Timeouts;
  /** Whether sending the request twice does no harm, so that it may be repeated when a pooled connection was dead. */
  readonly repeatable: boolean;
}

/** Response headers with lower-case names. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** An answer whose headers have arrived. Its body must be read to the end, iterated, or destroyed. */
export interface TransportResponse {
  readonly status: number;
  readonly headers: Headers;
  /** All bytes of the body, at most `limitBytes` (default: no limit), after which the connection is closed. */
  bytes(limitBytes?: number): Promise<Uint8Array>;
  /** The body as it comes, with backpressure. Leaving the loop closes the connection. A second iteration throws. */
  chunks(): AsyncIterableIterator<Uint8Array>;
  /** Closes the connection without reading on. */
  destroy(): void;
}

/** A connection that was turned into a two-way stream of bytes. */
export interface UpgradedConnection {
  readonly status: 101;
  readonly headers: Headers;
  /** What the engine sends, from the first byte after the 101's headers. */
  chunks(): AsyncIterableIterator<Uint8Array>;
  /** Sends bytes; resolves when more may be sent. */
  write(bytes: Uint8Array): Promise<void>;
  /** Says that nothing more will be sent, while the engine may still send. */
  end(): Promise<void>;
  /** Closes both directions at once. */
  destroy(): void;
}

/** The way to one engine. The rest of the client knows nothing else of HTTP and sockets. */
export interface Transport {
  /** Sends one request and resolves when the answer's headers have arrived. */
  request(request: TransportRequest): Promise<TransportResponse>;
  /** Asks for `Upgrade: tcp`, or what the headers say instead; resolves with the connection on 101, else with the answer that came instead. */
  upgrade(request: TransportRequest): Promise<UpgradedConnection | TransportResponse>;
  /** Ends every connection, the busy ones too; their calls fail with an `AbortError`. Resolves when none is left. */
  close(): Promise<void>;
}
