import { createHash, randomBytes } from "node:crypto";
import { decodeWebSocket, encodeWebSocketFrame, normalClosure, type WebSocketPiece } from "../codecs/websocket.ts";
import type { AnswerContext, UpgradedConnection } from "../engine/answer.ts";

/** The request headers of a WebSocket, and the answer that they call for. */
export interface Handshake {
  readonly headers: Readonly<Record<string, string>>;
  readonly accept: string;
}

/** What every server appends to the client's key before hashing it (RFC 6455, 1.3). */
const acceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Begins a WebSocket. */
export function startHandshake(): Handshake {
  const key = randomBytes(16).toString("base64");
  return {
    headers: { Upgrade: "websocket", "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13" },
    accept: createHash("sha1")
      .update(key + acceptSuffix)
      .digest("base64"),
  };
}

/** A WebSocket as a two-way stream of bytes: messages are its pieces, and their bounds mean nothing. */
export class WebSocketConnection implements UpgradedConnection {
  readonly status = 101;
  readonly headers: UpgradedConnection["headers"];
  readonly #connection: UpgradedConnection;
  readonly #context: AnswerContext;

  constructor(connection: UpgradedConnection, context: AnswerContext) {
    this.headers = connection.headers;
    this.#connection = connection;
    this.#context = context;
  }

  chunks(): AsyncIterableIterator<Uint8Array> {
    const pieces = decodeWebSocket(this.#connection.chunks(), { status: 101, context: this.#context });
    return new DataOf(pieces, (ping) => {
      // An answer that cannot be sent is no news: what is read next says that the connection is gone.
      this.#connection.write(encodeWebSocketFrame("pong", ping)).catch(() => {});
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#connection.write(encodeWebSocketFrame("binary", bytes));
  }

  /** A WebSocket cannot be ended in one direction. */
  end(): Promise<void> {
    return this.#connection.write(encodeWebSocketFrame("close", normalClosure));
  }

  destroy(): void {
    this.#connection.destroy();
  }
}

/** Gives the data, and answers the pings. */
class DataOf implements AsyncIterableIterator<Uint8Array> {
  readonly #pieces: AsyncIterableIterator<WebSocketPiece>;
  readonly #pong: (ping: Uint8Array) => void;

  constructor(pieces: AsyncIterableIterator<WebSocketPiece>, pong: (ping: Uint8Array) => void) {
    this.#pieces = pieces;
    this.#pong = pong;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const { done, value } = await this.#pieces.next();
      if (done || "end" in value) {
        return { done: true, value: undefined };
      }
      if ("data" in value) {
        return { done: false, value: value.data };
      }
      this.#pong(value.ping);
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    await this.#pieces.return?.();
    return { done: true, value: undefined };
  }
}

/** Checks that it is a WebSocket that answered (RFC 6455, 4.1). */
export function isAccepted({ headers }: UpgradedConnection, { accept }: Handshake): boolean {
  return headers["sec-websocket-accept"] === accept;
}
