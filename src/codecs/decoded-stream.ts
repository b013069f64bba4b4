/** Turns a stream's inputs into outputs one by one, without knowing where the inputs come from. */
export interface Decoder<I, O> {
  /** Takes the next input. It is called only when `next` has nothing more to give. */
  push(input: I): void;
  /** The next output of the inputs so far; undefined when it takes more input. Throws if the input is malformed. */
  next(): O | undefined;
  /** The source has ended; `next` may still give what was left. Throws if the source must not end here. */
  end(): void;
}

/** `open`: the source may give more; `ended`: it has ended, the decoder may give more; `closed`: nothing comes any more. */
type State = "open" | "ended" | "closed";

/**
 * Reads a source through a decoder. What one input holds is given without touching the source again, so an output costs
 * one promise. Calls of `next` that overlap are answered in their order. An error of the decoder, `return` and `throw`
 * close the source.
 */
export class DecodedStream<I, O> implements AsyncIterableIterator<O, undefined> {
  readonly #source: AsyncIterator<I>;
  readonly #decoder: Decoder<I, O>;
  #state: State = "open";
  /** How many calls of `next` wait for the source, and the answer of the last one. */
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(source: AsyncIterable<I>, decoder: Decoder<I, O>) {
    this.#source = source[Symbol.asyncIterator]();
    this.#decoder = decoder;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<O, undefined>> {
    if (this.#waiting > 0) {
      const pull = () => this.#pull();
      return this.#wait(this.#last.then(pull, pull));
    }
    if (this.#state === "closed") {
      return Promise.resolve({ done: true, value: undefined });
    }
    try {
      const value = this.#decoder.next();
      return value === undefined ? this.#wait(this.#pull()) : Promise.resolve({ done: false, value });
    } catch (error) {
      return this.#fail(error);
    }
  }

  async return(): Promise<IteratorResult<O, undefined>> {
    await this.#close();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<O, undefined>> {
    await this.#close();
    throw error;
  }

  #wait(answer: Promise<IteratorResult<O, undefined>>): Promise<IteratorResult<O, undefined>> {
    this.#waiting += 1;
    this.#last = answer;
    return answer;
  }

  /** Reads the source until the decoder gives something. */
  async #pull(): Promise<IteratorResult<O, undefined>> {
    try {
      while (this.#state !== "closed") {
        const value = this.#decoder.next();
        if (value !== undefined) {
          return { done: false, value };
        }
        if (this.#state === "ended") {
          this.#state = "closed";
        } else {
          this.#take(await this.#source.next());
        }
      }
    } catch (error) {
      // A source that fails because it was closed from here has only ended.
      if (!this.#isClosed()) {
        return await this.#fail(error);
      }
    } finally {
      this.#waiting -= 1;
    }
    return { done: true, value: undefined };
  }

  #take(input: IteratorResult<I>): void {
    if (this.#isClosed()) {
      return;
    }
    if (input.done) {
      this.#state = "ended";
      this.#decoder.end();
    } else {
      this.#decoder.push(input.value);
    }
  }

  /** A method, because the compiler takes a state that was compared before an `await` for unchanged. */
  #isClosed(): boolean {
    return this.#state === "closed";
  }

  /** Closes the source, whose own failure to close would hide the reason. */
  async #fail(error: unknown): Promise<never> {
    await this.#close().catch(() => {});
    throw error;
  }

  async #close(): Promise<void> {
    const state = this.#state;
    this.#state = "closed";
    if (state === "open") {
      await this.#source.return?.();
    }
  }
}
