import { AbortError } from "../errors/abort-error.ts";
import { type ConnectAttempt, ConnectError } from "../errors/connect-error.ts";
import type { Transport, TransportRequest, TransportResponse, UpgradedConnection } from "./transport.ts";

/** One place where an engine may be. */
export interface Place {
  /** Opens a connection and closes it again. Throws a `ConnectError` if nobody is there. */
  probe(): Promise<void>;
  /** Makes the transport to this place. */
  open(): Transport;
}

/** A transport that on first use looks for an engine in several places, and then stays with the first that answers. */
export class DiscoveringTransport implements Transport {
  readonly #places: readonly Place[];
  #found: Transport | undefined;
  #search: Promise<Transport> | undefined;
  #closed = false;

  /** @param places first choice first */
  constructor(places: readonly Place[]) {
    this.#places = places;
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
    this.#search ??= this.#tryAll().finally(() => {
      this.#search = undefined;
    });
    return this.#search;
  }

  async #tryAll(): Promise<Transport> {
    const attempts: ConnectAttempt[] = [];
    for (const place of this.#places) {
      try {
        await place.probe();
        this.#found = place.open();
        return this.#found;
      } catch (error) {
        if (!(error instanceof ConnectError)) {
          throw error;
        }
        attempts.push(...error.attempts);
      }
    }
    throw new ConnectError(attempts);
  }
}
