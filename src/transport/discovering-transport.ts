import { AbortError } from "../errors/abort-error.ts";
import { type ConnectAttempt, ConnectError } from "../errors/connect-error.ts";
import type { ErrorContext } from "../errors/fairlead-error.ts";
import { connectError } from "../errors/node-errors.ts";
import type { Dialer } from "./dial/dialer.ts";
import { createHttpTransport } from "./http-transport.ts";
import type { Timeouts, Transport, TransportRequest, TransportResponse, UpgradedConnection } from "./transport.ts";

/** A transport that on first use looks for an engine in several places, and then stays with the first that answers. */
export class DiscoveringTransport implements Transport {
  readonly #dialers: readonly Dialer[];
  readonly #timeouts: Timeouts;
  #found: Transport | undefined;
  #search: Promise<Transport> | undefined;
  #closed = false;

  /**
   * @param dialers first choice first
   * @param timeouts `connectMs` limits the search at each place
   */
  constructor(dialers: readonly Dialer[], timeouts: Timeouts) {
    this.#dialers = dialers;
    this.#timeouts = timeouts;
  }

  async request(request: TransportRequest): Promise<TransportResponse> {
    const transport = this.#found ?? (await this.#find(request));
    return transport.request(request);
  }

  async upgrade(request: TransportRequest): Promise<UpgradedConnection | TransportResponse> {
    const transport = this.#found ?? (await this.#find(request));
    return transport.upgrade(request);
  }

  async close(): Promise<void> {
    this.#closed = true;
    // A failed search has nothing to close, and its callers have the error.
    const transport = this.#found ?? (await this.#search?.catch(() => undefined));
    await transport?.close();
  }

  /** Searches once for all who ask meanwhile. A failure is not remembered. */
  async #find({ operation, method, path, signal }: TransportRequest): Promise<Transport> {
    const context = { operation, method, path };
    if (this.#closed) {
      throw new AbortError("The client was closed", context);
    }
    if (signal?.aborted) {
      throw new AbortError("The call was aborted", { ...context, cause: signal.reason });
    }
    this.#search ??= this.#tryAll(context).finally(() => {
      this.#search = undefined;
    });
    return this.#search;
  }

  async #tryAll(context: ErrorContext): Promise<Transport> {
    const attempts: ConnectAttempt[] = [];
    for (const dialer of this.#dialers) {
      const error = await probe(dialer, this.#timeouts, context);
      if (error === undefined) {
        this.#found = createHttpTransport(dialer);
        return this.#found;
      }
      attempts.push(...error.attempts);
    }
    throw new ConnectError(attempts, context);
  }
}

/** Opens a connection and closes it again. Resolves with what went wrong, if anything did. */
function probe(dialer: Dialer, { connectMs }: Timeouts, context: ErrorContext): Promise<ConnectError | undefined> {
  return new Promise((resolve) => {
    const connection = dialer.connect();
    const settle = (error: ConnectError | undefined) => {
      clearTimeout(timer);
      connection.destroy();
      resolve(error);
    };
    const timer = setTimeout(
      () => settle(connectError(new Error(`no connection within ${connectMs} ms`), dialer, context)),
      Math.min(connectMs ?? longestTimerMs, longestTimerMs),
    );
    connection.once(dialer.readyEvent, () => settle(undefined));
    connection.on("error", (cause) => settle(connectError(cause, dialer, context)));
  });
}

/** A longer delay would make Node's timers fire at once. */
const longestTimerMs = 2 ** 31 - 1;
