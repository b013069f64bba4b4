import type { Readable } from "node:stream";
import type { FairleadError } from "../errors/fairlead-error.ts";
import type { Limit } from "./limit.ts";

/** How much may wait for a slow reader here before the engine is made to wait. */
const highWaterBytes = 64 * 1024;

interface Waiter {
  resolve(result: IteratorResult<Uint8Array, undefined>): void;
  reject(error: FairleadError): void;
}

/** Reads a Node stream as an async iterator: a chunk goes from the `data` event straight to the reader that waits. */
export class ChunkReader implements AsyncIterableIterator<Uint8Array> {
  readonly #source: Readable;
  readonly #left: () => void;
  readonly #onData = (chunk: Uint8Array): void => this.#take(chunk);
  readonly #idle: Limit | undefined;
  readonly #waiters: Waiter[] = [];
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #error: FairleadError | undefined;
  #done = false;
  /** How many bytes have arrived. */
  receivedBytes = 0;

  /** `left` is called when the reader stops before the end; `idle` counts while the reader waits for the engine. */
  constructor(source: Readable, left: () => void, idle: Limit | undefined) {
    this.#source = source;
    this.#left = left;
    this.#idle = idle;
    source.on("data", this.#onData);
    source.on("end", () => {
      // Bun ends a socket that we destroy; what that comes to is told by its "close".
      if (!source.destroyed) {
        this.finish();
      }
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const chunk = this.#queue.shift();
    if (chunk !== undefined) {
      this.#queuedBytes -= chunk.length;
      if (this.#queue.length === 0 && this.#source.isPaused()) {
        this.#source.resume();
      }
      return Promise.resolve({ done: false, value: chunk });
    }
    if (this.#done) {
      const error = this.#error;
      this.#error = undefined;
      return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
    }
    this.#idle?.start();
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
  }

  /** Leaves the stream: the connection is closed unless the stream has ended. */
  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#queue = [];
    this.#error = undefined;
    if (!this.#done) {
      this.finish();
      this.#left();
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  /** The stream has ended: what has arrived is still given to the reader. */
  finish(): void {
    this.#done = true;
    this.#idle?.stop();
    for (const waiter of this.#waiters.splice(0)) {
      waiter.resolve({ done: true, value: undefined });
    }
  }

  /** The stream has failed. What has arrived is given to the reader before the error if `keep` says so. */
  fail(error: FairleadError, keep: boolean): void {
    if (this.#done) {
      return;
    }
    if (keep) {
      this.#takeBuffered();
    } else {
      this.#queue = [];
    }
    this.#done = true;
    this.#idle?.stop();
    const [first, ...others] = this.#waiters.splice(0);
    if (first === undefined) {
      this.#error = error;
    } else {
      first.reject(error);
    }
    for (const waiter of others) {
      waiter.resolve({ done: true, value: undefined });
    }
  }

  #take(chunk: Uint8Array): void {
    if (this.#done) {
      return;
    }
    this.receivedBytes += chunk.length;
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      this.#idle?.stop();
      waiter.resolve({ done: false, value: chunk });
      return;
    }
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.#queuedBytes >= highWaterBytes) {
      this.#source.pause();
    }
  }

  /** A stream that was destroyed no longer emits what it holds; it can still be read. */
  #takeBuffered(): void {
    this.#source.off("data", this.#onData);
    for (let chunk = this.#source.read(); chunk !== null; chunk = this.#source.read()) {
      this.#take(chunk);
    }
  }
}
