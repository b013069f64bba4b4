import { EngineStreamError } from "../errors/engine-stream-error.ts";
import type { ErrorContext } from "../errors/fairlead-error.ts";
import { FrameError } from "../errors/frame-error.ts";
import { ResponseError } from "../errors/response-error.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { DecodedStream, type Decoder } from "./decoded-stream.ts";

/** Bytes that a container printed, or that were typed into it. */
export interface Frame {
  /** Where the bytes were written. A terminal has one output for everything: `stdout`. */
  readonly stream: "stdin" | "stdout" | "stderr";
  /** The bytes: a view of what was received, not a copy. */
  readonly data: Uint8Array;
}

/** Where the bytes of a stream come from, for its errors. */
export interface StreamOrigin {
  /** The HTTP status of the answer. */
  readonly status: number;
  readonly context?: ErrorContext | undefined;
}

/**
 * Cuts a multiplexed stream into its frames, without copying. A frame that arrives in several chunks is given in as many
 * pieces, so no frame is ever held in memory; empty frames are skipped. A frame that is an error of the engine's ends the
 * stream, and the error holds at most its first 64 KiB.
 *
 * @throws (the iterator) EngineStreamError if the engine reports an error; FrameError if a header is not one;
 *   ResponseError if the stream ends inside a frame.
 */
export function decodeFrames(chunks: AsyncIterable<Uint8Array>, origin: StreamOrigin): AsyncIterableIterator<Frame> {
  return new DecodedStream(chunks, new FrameDecoder(origin));
}

/** Gives the output of a terminal, which has no frames, as frames of `stdout`. */
export function rawFrames(chunks: AsyncIterable<Uint8Array>): AsyncIterableIterator<Frame> {
  return new DecodedStream(chunks, new RawDecoder());
}

const headerBytes = 8;
const errorLimitBytes = 64 * 1024;

/** By the number in the header (moby:api/pkg/stdcopy/stdcopy.go:14-19; 3 is not in the specification). */
const streams = ["stdin", "stdout", "stderr", "error"] as const;

class FrameDecoder implements Decoder<Uint8Array, Frame> {
  readonly #origin: StreamOrigin;
  /** A header of which the first bytes have arrived, or that is read. */
  readonly #header = new Uint8Array(headerBytes);
  #headerLength = 0;
  #stream: (typeof streams)[number] = "stdin";
  /** How much of the frame's payload is still to come. */
  #remaining = 0;
  #error: ByteBuffer | undefined;
  #chunk: Uint8Array = new Uint8Array();
  #offset = 0;
  /** Where the chunk begins in the stream. */
  #position = 0;

  constructor(origin: StreamOrigin) {
    this.#origin = origin;
  }

  push(chunk: Uint8Array): void {
    this.#position += this.#chunk.length;
    this.#chunk = chunk;
    this.#offset = 0;
  }

  next(): Frame | undefined {
    while (this.#remaining > 0 || this.#readHeader()) {
      const data = this.#readPayload();
      if (this.#stream === "error") {
        this.#collectError(data);
      } else if (data.length > 0) {
        return { stream: this.#stream, data };
      }
      if (this.#remaining > 0) {
        return undefined;
      }
    }
    return undefined;
  }

  end(): void {
    if (this.#remaining > 0 || this.#headerLength > 0) {
      const { status, context } = this.#origin;
      const receivedBytes = this.#position + this.#chunk.length;
      throw new ResponseError("The stream was truncated inside a frame", { status, receivedBytes }, context);
    }
  }

  /** Reads on in the header; true when it is complete and its payload comes next. */
  #readHeader(): boolean {
    const header = this.#header;
    while (this.#headerLength < headerBytes) {
      const byte = this.#chunk[this.#offset];
      if (byte === undefined) {
        return false;
      }
      header[this.#headerLength] = byte;
      this.#headerLength += 1;
      this.#offset += 1;
    }
    this.#headerLength = 0;
    const [type = 0, a, b, c, d0 = 0, d1 = 0, d2 = 0, d3 = 0] = header;
    const stream = streams[type];
    if (stream === undefined || a !== 0 || b !== 0 || c !== 0) {
      throw this.#notAHeader();
    }
    this.#stream = stream;
    this.#remaining = d0 * 0x1000000 + ((d1 << 16) | (d2 << 8) | d3);
    return true;
  }

  #readPayload(): Uint8Array {
    const end = Math.min(this.#offset + this.#remaining, this.#chunk.length);
    const data = this.#chunk.subarray(this.#offset, end);
    this.#remaining -= data.length;
    this.#offset = end;
    return data;
  }

  #collectError(data: Uint8Array): void {
    this.#error ??= new ByteBuffer();
    this.#error.append(data.subarray(0, errorLimitBytes - this.#error.length));
    if (this.#remaining === 0 || this.#error.length === errorLimitBytes) {
      const message = new TextDecoder().decode(this.#error.take()).trimEnd();
      throw new EngineStreamError(message || "an error without a message", this.#origin.context);
    }
  }

  #notAHeader(): FrameError {
    const position = this.#position + this.#offset - headerBytes;
    const bytes = Buffer.from(this.#header).toString("hex");
    return new FrameError(`The bytes ${bytes} at ${position} are not the header of a frame`, {
      ...this.#origin.context,
      position,
    });
  }
}

class RawDecoder implements Decoder<Uint8Array, Frame> {
  #data: Uint8Array = new Uint8Array();

  push(chunk: Uint8Array): void {
    this.#data = chunk;
  }

  next(): Frame | undefined {
    const data = this.#data;
    this.#data = nothing;
    return data.length === 0 ? undefined : { stream: "stdout", data };
  }

  end(): void {}
}

const nothing = new Uint8Array();
