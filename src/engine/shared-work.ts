import { unwatchAbort, watchAbort } from "../abort-watch.ts";

/** Work that several callers wait for together, and that is given up when the last of them has left. */
export class SharedWork<T> {
  readonly #leaving = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;

  /** @param work begins at once; its signal is aborted when nobody waits any more */
  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#result = work(this.#leaving.signal);
    // Whoever has left does not hear of the failure.
    this.#result.catch(() => {});
  }

  /** Whether everybody has left, so that others must begin anew. */
  get isGivenUp(): boolean {
    return this.#leaving.signal.aborted;
  }

  /** Waits for the result, no longer than the signal allows; then the error is what `aborted` gives. */
  join(signal: AbortSignal | undefined, aborted: () => Error): Promise<T> {
    this.#waiting += 1;
    if (signal === undefined) {
      return this.#result;
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting -= 1;
        if (this.#waiting === 0) {
          this.#leaving.abort();
        }
        reject(aborted());
      };
      watchAbort(signal, leave);
      const stay = (): void => unwatchAbort(signal, leave);
      this.#result.then(resolve, reject).then(stay, stay);
    });
  }
}
