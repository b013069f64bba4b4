import { randomBytes } from "node:crypto";
import { EngineStreamError } from "../errors/engine-stream-error.ts";
import { FrameError } from "../errors/frame-error.ts";
import { ResponseError } from "../errors/response-error.ts";
import { DecodedStream, type Decoder } from "./decoded-stream.ts";
import type { StreamOrigin } from "./frames.ts";

/** What kind of frame it is (RFC 6455, 5.2). */
const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The frames that a client sends. */
export type SentFrame = "binary" | "close" | "pong";

/** The close code of an ordinary end (RFC 6455, 7.4.1). */
export const normalClosure: Uint8Array = Uint8Array.of(0x03, 0xe8);

/** What arrives: a piece of a message, a ping that wants its payload back, or the end, after which nothing matters. */
export type WebSocketPiece = { readonly data: Uint8Array } | { readonly ping: Uint8Array } | { readonly end: true };

/** Writes one frame as a client must: whole, and masked (RFC 6455, 5.3). */
export function encodeWebSocketFrame(
  kind: SentFrame,
  payload: Uint8Array,
  mask: Uint8Array = randomBytes(4),
): Uint8Array {
  const { length } = payload;
  const lengthBytes = length < 126 ? 0 : length < 0x10000 ? 2 : 8;
  const frame = new Uint8Array(2 + lengthBytes + 4 + length);
  frame[0] = 0x80 | opcodes[kind];
  frame[1] = 0x80 | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  const view = new DataView(frame.buffer);
  if (lengthBytes === 2) {
    view.setUint16(2, length);
  } else if (lengthBytes === 8) {
    view.setBigUint64(2, BigInt(length));
  }
  frame.set(mask, 2 + lengthBytes);
  const start = 6 + lengthBytes;
  for (let at = 0; at < length; at += 1) {
    frame[start + at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
  }
  return frame;
}

/**
 * Cuts what a server sends into pieces of messages, without putting messages together: their bounds mean nothing in a
 * stream of bytes.
 *
 * @throws (the iterator) FrameError if a frame is malformed; EngineStreamError if the server closes for a failure;
 *   ResponseError if the stream ends without a close frame.
 */
export function decodeWebSocket(
  chunks: AsyncIterable<Uint8Array>,
  origin: StreamOrigin,
): AsyncIterableIterator<WebSocketPiece> {
  return new DecodedStream(chunks, new WebSocketDecoder(origin));
}

const longestControl = 125;

class WebSocketDecoder implements Decoder<Uint8Array, WebSocketPiece> {
  readonly #origin: StreamOrigin;
  /** A header, or a control frame's payload, of which the first bytes have arrived. */
  #partial: number[] = [];
  #header: { readonly opcode: number; readonly control: boolean } | undefined;
  #remaining = 0;
  #chunk: Uint8Array = new Uint8Array();
  #offset = 0;
  #position = 0;
  #closed = false;

  constructor(origin: StreamOrigin) {
    this.#origin = origin;
  }

  push(chunk: Uint8Array): void {
    this.#position += this.#chunk.length;
    this.#chunk = chunk;
    this.#offset = 0;
  }

  next(): WebSocketPiece | undefined {
    while (!this.#closed) {
      this.#header ??= this.#readHeader();
      if (this.#header === undefined) {
        return undefined;
      }
      const piece = this.#header.control ? this.#readControl(this.#header.opcode) : this.#readData();
      if (piece !== "nothing") {
        return piece;
      }
    }
    return undefined;
  }

  end(): void {
    if (!this.#closed) {
      const { status, context } = this.#origin;
      const receivedBytes = this.#position + this.#chunk.length;
      throw new ResponseError("The WebSocket was cut off without being closed", { status, receivedBytes }, context);
    }
  }

  /** The header, when all of it has arrived. */
  #readHeader(): { opcode: number; control: boolean } | undefined {
    for (;;) {
      const [first = 0, second = 0, ...length] = this.#partial;
      if (this.#partial.length >= 2 && length.length === lengthBytesOf(second)) {
        this.#check(first, second);
        this.#remaining = length.length === 0 ? second : length.reduce((sum, byte) => sum * 256 + byte, 0);
        this.#partial = [];
        const opcode = first & 0x0f;
        return { opcode, control: opcode >= opcodes.close };
      }
      const byte = this.#chunk[this.#offset];
      if (byte === undefined) {
        return undefined;
      }
      this.#offset += 1;
      this.#partial.push(byte);
    }
  }

  #check(first: number, second: number): void {
    const opcode = first & 0x0f;
    const known = Object.values<number>(opcodes).includes(opcode);
    const isControl = opcode >= opcodes.close;
    const badControl = isControl && (second > longestControl || (first & 0x80) === 0);
    if (!known || (first & 0x70) !== 0 || (second & 0x80) !== 0 || badControl) {
      const position = this.#position + this.#offset - this.#partial.length;
      const bytes = Buffer.from(this.#partial).toString("hex");
      throw new FrameError(`The bytes ${bytes} at ${position} are not the header of a WebSocket frame`, {
        ...this.#origin.context,
        position,
      });
    }
  }

  #readData(): WebSocketPiece | "nothing" | undefined {
    const data = this.#cut();
    if (this.#remaining === 0) {
      this.#header = undefined;
    }
    if (data.length > 0) {
      return { data };
    }
    return this.#remaining === 0 ? "nothing" : undefined;
  }

  #readControl(opcode: number): WebSocketPiece | "nothing" | undefined {
    this.#partial.push(...this.#cut());
    if (this.#remaining > 0) {
      return undefined;
    }
    const payload = Uint8Array.from(this.#partial);
    this.#partial = [];
    this.#header = undefined;
    if (opcode === opcodes.ping) {
      return { ping: payload };
    }
    return opcode === opcodes.close ? this.#close(payload) : "nothing";
  }

  /** 1000 is an ordinary end, as is no code at all; every other code says that something failed. */
  #close(payload: Uint8Array): WebSocketPiece {
    this.#closed = true;
    const [high = 3, low = 0xe8] = payload;
    const code = high * 256 + low;
    if (code !== 1000) {
      const reason = new TextDecoder().decode(payload.subarray(2));
      throw new EngineStreamError(reason || `the WebSocket was closed with ${code}`, { ...this.#origin.context, code });
    }
    return { end: true };
  }

  #cut(): Uint8Array {
    const end = Math.min(this.#offset + this.#remaining, this.#chunk.length);
    const data = this.#chunk.subarray(this.#offset, end);
    this.#remaining -= data.length;
    this.#offset = end;
    return data;
  }
}

function lengthBytesOf(second: number): number {
  return second === 127 ? 8 : second === 126 ? 2 : 0;
}
