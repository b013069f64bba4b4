/**
 * What the engine sends, piece by piece. It settles: it ends, throws a typed error, or is left. Leaving a loop, `close()`
 * and `await using` end the connection; a stream that is neither read to its end nor closed keeps its connection.
 * It can be read once, and holds the engine back while its reader is slow.
 */
export class EngineStream<T> implements AsyncIterableIterator<T>, AsyncDisposable {
  readonly #source: AsyncIterableIterator<T>;

  /** Made by the resources' methods, never by callers. */
  constructor(source: AsyncIterableIterator<T>) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next piece. */
  next(): Promise<IteratorResult<T, undefined>> {
    return this.#source.next();
  }

  /** Ends the connection. What a loop that is left calls. */
  async return(): Promise<IteratorResult<T, undefined>> {
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  /** Ends the connection, wherever the stream is. */
  async close(): Promise<void> {
    await this.return();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
