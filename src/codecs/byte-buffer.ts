const smallestCapacity = 256;
const largestKept = 64 * 1024;

/** Puts pieces of bytes together. Every byte is copied a constant number of times, and no piece is held on to. */
export class ByteBuffer {
  #bytes: Uint8Array = new Uint8Array(smallestCapacity);
  #length = 0;

  /** How many bytes are held. */
  get length(): number {
    return this.#length;
  }

  /** Adds a copy of the piece. */
  append(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(length, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  /** What is held, valid until the next call, and empties the buffer. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    if (this.#bytes.length > largestKept) {
      this.#bytes = new Uint8Array(smallestCapacity);
    }
    return taken;
  }
}
