/** What a process reads: bytes from any number of writers, who are held back while nobody reads. */
export class ProcessInput implements AsyncIterable<Uint8Array> {
  readonly #waiting: { readonly bytes: Uint8Array; readonly taken: () => void }[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  /** Resolves when the process has taken the bytes, or will never take any. */
  write(bytes: Uint8Array): Promise<void> {
    if (this.#ended || bytes.length === 0) {
      return Promise.resolve();
    }
    return new Promise((taken) => {
      this.#waiting.push({ bytes, taken });
      this.#wake?.();
    });
  }

  /** Says that nothing more comes. What was written before is still read. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** Says that nobody reads any more. */
  discard(): void {
    this.end();
    for (const { taken } of this.#waiting.splice(0)) {
      taken();
    }
  }

  /** Processes that share an input, such as those of a shell, read in turns: each takes what comes next. */
  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) {
        next.taken();
        yield next.bytes;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          const before = this.#wake;
          this.#wake = () => {
            before?.();
            resolve();
          };
        });
        this.#wake = undefined;
      }
    }
  }
}
