import { unwatchAbort, watchAbort } from "../abort-watch.ts";
import { AbortError } from "../errors/abort-error.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import { TimeoutError } from "../errors/timeout-error.ts";

/** What limits a call that is several requests. */
export interface LifetimeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** The longest time that a timer can wait for. */
const longestMs = 2 ** 31 - 1;

/** How long a call of several requests may go on: until its signal, its time limit, or its caller ends it. */
export class Lifetime {
  readonly #controller = new AbortController();
  readonly #callers: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #failure: { readonly error: unknown } | undefined;
  /** Called when the call is ended before it is through. */
  onEnd: () => void = () => {};

  /** @throws InvalidRequestError if `timeoutMs` is no number of milliseconds. */
  constructor({ signal, timeoutMs }: LifetimeOptions) {
    if (timeoutMs !== undefined && !(timeoutMs >= 0)) {
      throw new InvalidRequestError("timeoutMs must be a number of milliseconds", { parameter: "timeoutMs" });
    }
    this.#callers = signal;
    if (timeoutMs !== undefined && timeoutMs <= longestMs) {
      this.#timer = setTimeout(() => this.end(new TimeoutError("total", timeoutMs)), timeoutMs);
    }
    if (signal?.aborted) {
      this.#onAbort();
    } else if (signal !== undefined) {
      watchAbort(signal, this.#onAbort);
    }
  }

  /** For the requests of the call. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the call; it fails with `error`, unless it was ended before. */
  end(error: unknown): void {
    if (this.#failure === undefined) {
      this.#failure = { error };
      this.dispose();
      this.onEnd();
    }
  }

  /** Throws why the call was ended, if it was. */
  check(): void {
    if (this.#failure !== undefined) {
      throw this.#failure.error;
    }
  }

  /** What the call fails with when one of its requests failed with `error`: why the call was ended, or that. */
  reason(error: unknown): unknown {
    return this.#failure === undefined ? error : this.#failure.error;
  }

  /** The call is over: ends the requests that are left, the timer, and the watch over the caller's signal. */
  dispose(): void {
    clearTimeout(this.#timer);
    if (this.#callers !== undefined) {
      unwatchAbort(this.#callers, this.#onAbort);
    }
    this.#controller.abort();
  }

  readonly #onAbort = (): void => {
    this.end(new AbortError("The call was aborted", { cause: this.#callers?.reason }));
  };
}
