import { Readable } from "node:stream";
import type * as web from "node:stream/web";
import { EngineStream } from "./engine-stream.ts";

/**
 * Bytes that the engine sends. Iterate it, or take it as a Node stream or a web stream; it is read once, in one of these
 * ways, with backpressure down to the socket.
 */
export class ByteStream extends EngineStream<Uint8Array> {
  /**
   * The bytes as a Node stream. Destroying it ends the connection.
   *
   * @example
   * await pipeline((await docker.images.save("alpine:3")).toNodeStream(), createWriteStream("alpine.tar"));
   */
  toNodeStream(): Readable {
    return Readable.from(this, { objectMode: false });
  }

  /** The bytes as a web stream. Cancelling it ends the connection. */
  toWebStream(): web.ReadableStream<Uint8Array> {
    // @types/node of Node 20 does not know `from`, which Node 20.6 has.
    return (ReadableStream as unknown as StreamMaker).from(this);
  }
}

interface StreamMaker {
  from(iterable: AsyncIterable<Uint8Array>): web.ReadableStream<Uint8Array>;
}
