import { Buffer } from "node:buffer";
import type { FairleadError } from "../errors/fairlead-error.ts";
import { ResponseError } from "../errors/response-error.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { DecodedStream, type Decoder } from "./decoded-stream.ts";
import type { StreamOrigin } from "./frames.ts";
import { findGluedError } from "./glued-error.ts";
import { blockBytes, isZeroBlock, paddedBytes, readBlockHeader, readPaxSize } from "./tar-blocks.ts";

/**
 * Passes a tar on as it comes, without copying, and follows its headers on the way: so it notices a tar that ends early,
 * and an error that the engine wrote behind or into it after the answer had begun. Holds at most 16 KiB beside the last
 * piece, except for a PAX header, which may have a mebibyte.
 *
 * @throws (the iterator) EngineStreamError if the engine reports an error; ResponseError if the tar is truncated or no tar.
 */
export function guardTar(chunks: AsyncIterable<Uint8Array>, origin: StreamOrigin): AsyncIterableIterator<Uint8Array> {
  return new DecodedStream(chunks, new TarGuard(origin));
}

const errorLimitBytes = 16 * 1024;
const paxLimitBytes = 1024 * 1024;

class TarGuard implements Decoder<Uint8Array, Uint8Array> {
  readonly #origin: StreamOrigin;
  readonly #tail = new Tail(errorLimitBytes);
  #output: Uint8Array | undefined;
  /** A header of which the first bytes have arrived. */
  readonly #block = new Uint8Array(blockBytes);
  #blockLength = 0;
  #zeroBlocks = 0;
  /** How much of an entry's body and padding is still to come. */
  #bodyLeft = 0;
  /** The PAX header that is being read, how much of it is to come, and what it says of the next entry. */
  readonly #pax = new ByteBuffer();
  #paxLeft = 0;
  #paxSize: number | undefined;
  /** What came where a header should be, or behind the end. */
  #stray: ByteBuffer | undefined;
  /** Where the chunk that is read begins in the stream. */
  #position = 0;

  constructor(origin: StreamOrigin) {
    this.#origin = origin;
  }

  push(chunk: Uint8Array): void {
    this.#tail.push(chunk);
    const end = this.#follow(chunk);
    this.#output = end > 0 ? chunk.subarray(0, end) : undefined;
    this.#position += chunk.length;
  }

  next(): Uint8Array | undefined {
    const output = this.#output;
    this.#output = undefined;
    return output;
  }

  end(): void {
    if (this.#stray !== undefined) {
      throw this.#strayError(this.#stray.take());
    }
    if (this.#zeroBlocks < 2) {
      const error = findGluedError(this.#tail.bytes(), this.#origin.context);
      throw error ?? this.#error(`The tar was truncated after ${this.#position} bytes`);
    }
  }

  /** Follows the tar through a chunk; gives how much of the chunk is tar. */
  #follow(chunk: Uint8Array): number {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#stray !== undefined || this.#zeroBlocks === 2) {
        return this.#readStray(chunk, offset);
      }
      if (this.#bodyLeft > 0) {
        offset = this.#readBody(chunk, offset);
        continue;
      }
      const start = Math.max(0, offset - this.#blockLength);
      offset = this.#readBlock(chunk, offset);
      if (this.#stray !== undefined) {
        this.#readStray(chunk, offset);
        return start;
      }
    }
    return chunk.length;
  }

  #readBody(chunk: Uint8Array, offset: number): number {
    const body = chunk.subarray(offset, offset + this.#bodyLeft);
    this.#bodyLeft -= body.length;
    if (this.#paxLeft > 0) {
      const records = body.subarray(0, this.#paxLeft);
      this.#paxLeft -= records.length;
      this.#pax.append(records);
      if (this.#paxLeft === 0) {
        this.#paxSize = readPaxSize(this.#pax.take());
      }
    }
    return offset + body.length;
  }

  #readBlock(chunk: Uint8Array, offset: number): number {
    const piece = chunk.subarray(offset, offset + blockBytes - this.#blockLength);
    if (piece.length === blockBytes) {
      this.#acceptBlock(piece);
      return offset + piece.length;
    }
    this.#block.set(piece, this.#blockLength);
    this.#blockLength += piece.length;
    if (this.#blockLength === blockBytes) {
      this.#blockLength = 0;
      this.#acceptBlock(this.#block);
    }
    return offset + piece.length;
  }

  #acceptBlock(block: Uint8Array): void {
    if (isZeroBlock(block)) {
      this.#zeroBlocks += 1;
      return;
    }
    const header = this.#zeroBlocks === 0 ? readBlockHeader(block) : undefined;
    if (header === undefined) {
      this.#stray = new ByteBuffer();
      this.#addStray(block);
      return;
    }
    const isPax = header.type === "x";
    const sizeBytes = isPax ? header.sizeBytes : (this.#paxSize ?? header.sizeBytes);
    if (isPax && sizeBytes > paxLimitBytes) {
      throw this.#error("A PAX header of the tar is longer than a mebibyte");
    }
    this.#paxLeft = isPax ? sizeBytes : 0;
    this.#paxSize = undefined;
    this.#bodyLeft = paddedBytes(sizeBytes);
  }

  /** Reads what is no tar; gives how much of the chunk is the padding that may follow the end. */
  #readStray(chunk: Uint8Array, offset: number): number {
    const rest = chunk.subarray(offset);
    const first = this.#stray === undefined ? rest.findIndex((byte) => byte !== 0) : 0;
    if (first === -1) {
      return chunk.length;
    }
    this.#stray ??= new ByteBuffer();
    this.#addStray(rest.subarray(first));
    return offset + first;
  }

  #addStray(bytes: Uint8Array): void {
    const stray = this.#stray ?? new ByteBuffer();
    stray.append(bytes.subarray(0, errorLimitBytes - stray.length));
    if (stray.length === errorLimitBytes) {
      throw this.#strayError(stray.take());
    }
  }

  #strayError(bytes: Uint8Array): FairleadError {
    const where = this.#zeroBlocks === 2 ? "behind the end of the tar" : "in the tar where a header should be";
    return (
      findGluedError(bytes, this.#origin.context) ??
      this.#error(`There are bytes ${where}, ${bytes.length} or more of them that the engine does not explain`)
    );
  }

  #error(message: string): ResponseError {
    const { status, context } = this.#origin;
    return new ResponseError(message, { status, receivedBytes: this.#position }, context);
  }
}

/** The last pieces of a stream, without copying: as many as hold a number of bytes. */
class Tail {
  readonly #keepBytes: number;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(keepBytes: number) {
    this.#keepBytes = keepBytes;
  }

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    for (let first = this.#pieces[0]; first && this.#length - first.length >= this.#keepBytes; ) {
      this.#pieces.shift();
      this.#length -= first.length;
      first = this.#pieces[0];
    }
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#pieces).subarray(-this.#keepBytes);
  }
}
