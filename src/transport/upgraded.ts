import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FairleadError } from "../errors/fairlead-error.ts";
import { responseError } from "../errors/node-errors.ts";
import { closedByCaller } from "./abort-errors.ts";
import { ChunkReader } from "./chunk-reader.ts";
import { limitOf } from "./limit.ts";
import type { Headers, TransportRequest, UpgradedConnection } from "./transport.ts";

/** The connection after a 101: where it came from, and the bytes that came in the same piece as the 101. */
export interface Upgrade {
  readonly request: TransportRequest;
  readonly answer: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Uint8Array;
}

/**
 * A connection that was turned into a two-way stream. It is closed when both sides have ended, or by `destroy()`: an
 * engine that has ended its side may neither read nor close any more, so whoever has read to the end must close.
 */
export class Upgraded implements UpgradedConnection {
  readonly status = 101;
  readonly headers: Headers;
  readonly #request: TransportRequest;
  readonly #socket: Duplex;
  #reader: ChunkReader | undefined;
  #failure: FairleadError | undefined;
  /** Whether the failure is the engine's: then what arrived before it is worth reading. */
  #keep = false;

  constructor({ request, answer, socket, head }: Upgrade) {
    this.headers = answer.headers;
    this.#request = request;
    this.#socket = socket;
    // The engine may end its side while ours is still open, and the other way round.
    socket.allowHalfOpen = true;
    if (head.length > 0) {
      socket.unshift(head);
    }
  }

  chunks(): ChunkReader {
    if (this.#reader !== undefined) {
      throw new TypeError("The connection was read already");
    }
    const idle = limitOf("idle", this.#request, (error) => this.fail(error));
    const reader = new ChunkReader(this.#socket, () => this.destroy(), idle);
    this.#reader = reader;
    if (this.#failure !== undefined) {
      reader.fail(this.#failure, this.#keep);
    } else if (this.#socket.readableEnded) {
      reader.finish();
    }
    return reader;
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#socket.write(bytes, (cause) => {
        // Node passes no error to a write that was under way when the socket was destroyed.
        const failure = this.#failure ?? (cause ? this.#broken(cause) : undefined);
        if (failure === undefined) {
          resolve();
        } else {
          reject(failure);
        }
      });
    });
  }

  end(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
      } else if (this.#socket.writableEnded || this.#socket.destroyed) {
        resolve();
      } else {
        // Node passes an error if the connection breaks before everything is sent.
        this.#socket.end((cause?: Error | null) => (cause ? reject(this.#failure ?? this.#broken(cause)) : resolve()));
      }
    });
  }

  destroy(): void {
    this.fail(closedByCaller(this.#request));
  }

  /** The caller's side ends the connection: by an abort, a timeout, or by closing the client. */
  fail(error: FairleadError): void {
    if (this.#failure !== undefined) {
      return;
    }
    this.#failure = error;
    this.#socket.destroy();
    this.#reader?.fail(error, this.#keep);
  }

  /** The connection is gone: an error unless the engine had ended its side. */
  breakOff(cause: unknown): void {
    if (this.#failure !== undefined) {
      return;
    }
    if (this.#socket.readableEnded) {
      this.#reader?.finish();
    } else {
      this.#keep = true;
      this.fail(this.#broken(cause));
    }
  }

  #broken(cause: unknown): FairleadError {
    const { operation, method, path } = this.#request;
    const receivedBytes = (this.#reader?.receivedBytes ?? 0) + this.#socket.readableLength;
    return responseError(cause, { status: 101, receivedBytes }, { operation, method, path });
  }
}
