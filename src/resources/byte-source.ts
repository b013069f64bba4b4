import { Readable } from "node:stream";

/** Bytes that a call sends: all at once, or in pieces from a Node stream, a web stream or any iterable. Text is UTF-8. */
export type ByteSource = string | Uint8Array | AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/**
 * The source as a request's body. Streams are read no faster than the engine takes them, and are destroyed or cancelled
 * when the engine does not want the rest, even while they have nothing to give.
 */
export function toBody(source: ByteSource): string | Uint8Array | AsyncIterable<string | Uint8Array> {
  if (typeof source === "string" || source instanceof Uint8Array) {
    return source;
  }
  if (source instanceof Readable) {
    // It may fail before the connection is open and anybody reads: the reader gets that error later.
    source.on("error", () => {});
    return new Pieces(source[Symbol.asyncIterator](), () => source.destroy());
  }
  if (source instanceof ReadableStream) {
    const reader = source.getReader();
    return new Pieces({ next: () => reader.read() }, () => reader.cancel());
  }
  return Symbol.asyncIterator in source ? source : oneByOne(source);
}

/** Reads a stream; `return` ends it at once instead of waiting for the piece that is being read. */
class Pieces implements AsyncIterableIterator<string | Uint8Array> {
  readonly #source: { next(): Promise<IteratorResult<string | Uint8Array, unknown>> };
  readonly #leave: () => unknown;

  constructor(source: { next(): Promise<IteratorResult<string | Uint8Array, unknown>> }, leave: () => unknown) {
    this.#source = source;
    this.#leave = leave;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<string | Uint8Array, unknown>> {
    return this.#source.next();
  }

  async return(): Promise<IteratorResult<string | Uint8Array, unknown>> {
    await this.#leave();
    return { done: true, value: undefined };
  }
}

async function* oneByOne(pieces: Iterable<string | Uint8Array>): AsyncGenerator<string | Uint8Array> {
  yield* pieces;
}
