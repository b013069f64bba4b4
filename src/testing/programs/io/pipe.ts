/** Thrown when a program writes what nobody will read: it ends as SIGPIPE ends it. */
export class BrokenPipe extends Error {
  override readonly name = "BrokenPipe";
}

/** What a command writes to. */
export interface Output {
  /** Resolves when more may be written. Text is written as UTF-8. */
  write(data: string | Uint8Array): Promise<void>;
}

/** What one command writes, another reads; the writer is held back until it is read. */
export class Pipe implements Output, AsyncIterable<Uint8Array> {
  #chunk: Uint8Array | undefined;
  #ended = false;
  #left = false;
  #wakeReader = () => {};
  #wakeWriter = () => {};

  /** Throws BrokenPipe when nobody reads any more. */
  async write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    while (this.#chunk !== undefined && !this.#left) {
      await new Promise<void>((resolve) => {
        const before = this.#wakeWriter;
        this.#wakeWriter = () => {
          before();
          resolve();
        };
      });
    }
    if (this.#left) {
      throw new BrokenPipe("Broken pipe");
    }
    if (bytes.length > 0) {
      this.#chunk = bytes;
      this.#wakeReader();
    }
  }

  /** Says that nothing more is written. */
  end(): void {
    this.#ended = true;
    this.#wakeReader();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for (;;) {
      const chunk = this.#chunk;
      if (chunk !== undefined) {
        this.#chunk = undefined;
        this.#wake();
        yield chunk;
      } else if (this.#ended || this.#left) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wakeReader = resolve;
        });
      }
    }
  }

  /** Says that nobody reads any more. */
  leave(): void {
    this.#left = true;
    this.#wake();
    this.#wakeReader();
  }

  #wake(): void {
    const wake = this.#wakeWriter;
    this.#wakeWriter = () => {};
    wake();
  }
}
