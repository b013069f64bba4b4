import type { Socket } from "node:net";

/** A way to a socket that goes past what was put before it. */
export interface Tap {
  /** Writes to the connection; resolves when the system has taken the bytes. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Lets all that is written to the socket go straight to the connection again. */
  readonly remove: () => void;
}

interface Chunk {
  // Node's own type: text or bytes, as they were written.
  readonly chunk: string | Uint8Array;
  readonly encoding: BufferEncoding;
}

/**
 * Puts a function between a socket and its connection: all that is written to the socket goes through it, one piece
 * after the other, and no sooner than the function is done with a piece does the socket want more.
 */
export function tap(socket: Socket, through: (bytes: Uint8Array) => Promise<void>): Tap {
  const original = socket._write;
  const bytesOf = ({ chunk, encoding }: Chunk) => (typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
  socket._write = (chunk: string | Uint8Array, encoding, callback) => {
    through(bytesOf({ chunk, encoding })).then(() => callback(), callback);
  };
  socket._writev = (chunks: readonly Chunk[], callback) => {
    through(Buffer.concat(chunks.map(bytesOf))).then(() => callback(), callback);
  };
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        // Latin-1 has a character for each byte; the word by which Node marks bytes here is none of its types.
        original.call(socket, Buffer.from(bytes).toString("latin1"), "latin1", (error) =>
          error ? reject(error) : resolve(),
        );
      }),
    remove: () => {
      // The methods of its class come to light again.
      Reflect.deleteProperty(socket, "_write");
      Reflect.deleteProperty(socket, "_writev");
    },
  };
}
