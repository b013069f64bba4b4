/**
 * One request to the engine, already on its way, with two views: `await call` gives the value or throws, and
 * `await call.outcome()` gives whichever documented answer the engine gave, as data.
 */
export class Call<T, O> extends Promise<T> {
  /** `then` and its relatives give plain promises. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  readonly #outcome: Promise<O>;

  /** Made by the resources' methods, never by callers. */
  constructor(outcome: Promise<O>, unwrap: (outcome: O) => T | PromiseLike<T>) {
    super((resolve) => {
      resolve(outcome.then(unwrap));
    });
    this.#outcome = outcome;
  }

  /**
   * The engine's documented answer as data: a closed union that `kind` and `status` narrow.
   *
   * Ask for it in the same tick as the call: a call that fails while nobody holds either view is an unhandled
   * rejection, like any other promise.
   *
   * @throws only what is not a documented answer: failures of the connection, of the protocol, an abort or a timeout.
   */
  outcome(): Promise<O> {
    this.catch(() => {});
    // A promise of its own, so that Node reports a failure that nobody takes.
    return this.#outcome.then((outcome) => outcome);
  }
}

/** A call whose value is a stream: it may be iterated without awaiting it first. */
export class StreamCall<T, S extends AsyncIterable<T>, O> extends Call<S, O> implements AsyncIterable<T> {
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return new AwaitedIterator(this);
  }
}

/**
 * Iterates what a promise resolves with. Like an async generator with `yield*`, but without the three promises that one
 * costs for every item.
 */
export class AwaitedIterator<T> implements AsyncIterableIterator<T> {
  readonly #iterable: Promise<AsyncIterable<T>>;
  #iterator: AsyncIterator<T> | undefined;

  constructor(iterable: Promise<AsyncIterable<T>>) {
    this.#iterable = iterable;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#iterator === undefined ? this.#first() : this.#iterator.next();
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    const iterator = this.#iterator ?? (await this.#open());
    await iterator.return?.();
    return { done: true, value: undefined };
  }

  async #first(): Promise<IteratorResult<T, undefined>> {
    return (await this.#open()).next();
  }

  async #open(): Promise<AsyncIterator<T>> {
    const iterable = await this.#iterable;
    this.#iterator ??= iterable[Symbol.asyncIterator]();
    return this.#iterator;
  }
}
