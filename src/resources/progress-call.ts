import { AwaitedIterator, Call } from "../call.ts";
import type { ProgressEvent } from "../codecs/progress.ts";
import { AbortError } from "../errors/abort-error.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import type { Answer, Failure } from "../generated/outcome.ts";

/** The answer when it begins: a failure, or the progress that leads to the result. */
type Begun<E> = Answer<string, number, AsyncIterable<E>> | Failure<string, number>;

/** Collects the result of a call from its progress. */
export interface ProgressReader<R, E = ProgressEvent> {
  /** Takes the next event in. */
  add(event: E): void;
  /** The result, once the progress has ended. */
  result(): R;
}

/**
 * A call that reports its progress: `await` it for the result, or iterate it for the events and then, if need be,
 * `await` it too. To iterate, begin in the same tick as the call. Leaving the loop ends the call.
 */
export class ProgressCall<R, O, E = ProgressEvent> extends Call<R, O> implements AsyncIterable<E> {
  readonly #run: ProgressRun<R, O, E>;

  /** Made by the resources' methods, never by callers. */
  constructor(run: ProgressRun<R, O, E>, unwrap: (outcome: O) => R) {
    super(run.outcome, unwrap);
    this.#run = run;
  }

  /** The events as they come. Failures are thrown here, so the promise need not be awaited as well. */
  [Symbol.asyncIterator](): AsyncIterableIterator<E> {
    this.catch(() => {});
    return this.#run.iterate(this);
  }
}

/** One run of a call with progress, which either its caller iterates or nobody does. */
export class ProgressRun<R, O, E = ProgressEvent> {
  /** The outcome with the result as its value, when the progress has ended. */
  readonly outcome: Promise<O>;
  readonly #begun: Promise<Begun<E>>;
  readonly #reader: ProgressReader<R, E>;
  #iteration: "none" | "caller" | "own" = "none";
  #finish: (error?: unknown) => void = () => {};

  constructor(begun: Promise<Begun<E>>, reader: ProgressReader<R, E>) {
    this.#begun = begun;
    this.#reader = reader;
    this.outcome = this.#complete();
  }

  async #complete(): Promise<O> {
    const iterated = new Promise<void>((resolve, reject) => {
      this.#finish = (error) => (error === undefined ? resolve() : reject(error));
    });
    iterated.catch(() => {});
    const begun = await this.#begun;
    if (!("error" in begun)) {
      await (this.#iteration === "caller" ? iterated : this.#readThrough(begun.value));
      // The caller of the constructor pairs O with R: the outcome whose value is the result.
      return { ...begun, value: this.#reader.result() } as O;
    }
    return begun as O;
  }

  async #readThrough(events: AsyncIterable<E>): Promise<void> {
    this.#iteration = "own";
    for await (const event of events) {
      this.#reader.add(event);
    }
  }

  /**
   * @param call throws the failure that the answer may begin with
   * @throws InvalidRequestError if the progress is being read already.
   */
  iterate(call: Promise<unknown>): AsyncIterableIterator<E> {
    if (this.#iteration !== "none") {
      throw new InvalidRequestError(
        "The progress of a call can be iterated once, from the tick in which it was called",
      );
    }
    this.#iteration = "caller";
    const events = new AwaitedIterator(this.#eventsOr(call));
    return new ProgressIterator(events, this.#reader, this.#finish);
  }

  async #eventsOr(call: Promise<unknown>): Promise<AsyncIterable<E>> {
    const begun = await this.#begun;
    if ("error" in begun) {
      await call;
      throw new TypeError("A call whose answer is a failure did not throw");
    }
    return begun.value;
  }
}

/** Passes events on, and says how the iteration ended: also when it is left before its first event. */
class ProgressIterator<E> implements AsyncIterableIterator<E> {
  readonly #events: AsyncIterableIterator<E>;
  readonly #reader: ProgressReader<unknown, E>;
  readonly #finish: (error?: unknown) => void;

  constructor(events: AsyncIterableIterator<E>, reader: ProgressReader<unknown, E>, finish: (error?: unknown) => void) {
    this.#events = events;
    this.#reader = reader;
    this.#finish = finish;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Not an async function: one promise more for every event would be a third of what an event costs. */
  next(): Promise<IteratorResult<E, undefined>> {
    const next = this.#events.next();
    next.then(this.#observe, this.#finish);
    return next;
  }

  readonly #observe = (item: IteratorResult<E, undefined>): void => {
    if (item.done) {
      this.#finish();
    } else {
      this.#reader.add(item.value);
    }
  };

  async return(): Promise<IteratorResult<E, undefined>> {
    this.#finish(new AbortError("The progress was left before its end"));
    await this.#events.return?.();
    return { done: true, value: undefined };
  }
}
