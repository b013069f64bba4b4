import { AbortError } from "../errors/abort-error.ts";
import type { ErrorContext } from "../errors/fairlead-error.ts";
import type { Transport, TransportRequest, TransportResponse, UpgradedConnection } from "./transport.ts";

/** A transport that is opened on first use, once for all who ask meanwhile. A failure to open is not remembered. */
export class DeferredTransport implements Transport {
  readonly #open: (context: ErrorContext) => Promise<Transport>;
  #transport: Transport | undefined;
  #opening: Promise<Transport> | undefined;
  #closed = false;

  /** @param open makes the transport; `context` is of the request that needs it, for errors */
  constructor(open: (context: ErrorContext) => Promise<Transport>) {
    this.#open = open;
  }

  request(request: TransportRequest): Promise<TransportResponse> {
    return this.#transport?.request(request) ?? this.#opened(request).then((transport) => transport.request(request));
  }

  upgrade(request: TransportRequest): Promise<UpgradedConnection | TransportResponse> {
    return this.#transport?.upgrade(request) ?? this.#opened(request).then((transport) => transport.upgrade(request));
  }

  async close(): Promise<void> {
    this.#closed = true;
    // An opening that failed leaves nothing to close, and its callers have the error.
    const transport = this.#transport ?? (await this.#opening?.catch(() => undefined));
    await transport?.close();
  }

  async #opened({ operation, method, path, signal }: TransportRequest): Promise<Transport> {
    const context = { operation, method, path };
    if (this.#closed) {
      throw new AbortError("The client was closed", context);
    }
    if (signal?.aborted) {
      throw new AbortError("The call was aborted", { ...context, cause: signal.reason });
    }
    this.#opening ??= this.#open(context)
      .then((transport) => {
        this.#transport = transport;
        return transport;
      })
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }
}
