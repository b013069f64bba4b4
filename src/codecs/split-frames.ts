import type { Frame } from "./frames.ts";

/** The two outputs of a process, each by itself. */
export interface SplitFrames {
  readonly stdout: AsyncIterableIterator<Uint8Array>;
  readonly stderr: AsyncIterableIterator<Uint8Array>;
}

/** How much of one output is kept while only the other one is read. */
const keptBytes = 64 * 1024;

/**
 * Parts frames by their stream. While only one of the two is read, up to 64 KiB of the other are kept; beyond that both
 * wait until the other is read or left. Who leaves one goes on to get the other; who leaves both closes the source. A
 * failure of the source is thrown by both.
 */
export function splitFrames(frames: AsyncIterable<Frame>): SplitFrames {
  const source = new SplitSource(frames);
  return { stdout: source.stdout, stderr: source.stderr };
}

class SplitSource {
  readonly stdout: SplitOutput = new SplitOutput(this, () => this.stderr);
  readonly stderr: SplitOutput = new SplitOutput(this, () => this.stdout);
  readonly #frames: AsyncIterator<Frame>;
  #pulling = false;
  #over = false;

  constructor(frames: AsyncIterable<Frame>) {
    this.#frames = frames[Symbol.asyncIterator]();
  }

  /** Goes on to read, unless that is under way, or nobody waits, or an output is full. */
  pull(): void {
    if (!this.#pulling && (this.stdout.wants || this.stderr.wants) && !this.stdout.full && !this.stderr.full) {
      this.#pulling = true;
      this.#frames.next().then(
        (result) => this.#take(result),
        (error: unknown) => this.#finish(error),
      );
    }
  }

  /** Closes the source, because neither output is read any more. */
  async close(): Promise<void> {
    if (!this.#over) {
      this.#over = true;
      await this.#frames.return?.();
    }
  }

  #take({ done, value }: IteratorResult<Frame>): void {
    this.#pulling = false;
    if (done) {
      this.#finish(undefined);
      return;
    }
    (value.stream === "stderr" ? this.stderr : this.stdout).push(value.data);
    this.pull();
  }

  #finish(error: unknown): void {
    this.#over = true;
    this.stdout.finish(error);
    this.stderr.finish(error);
  }
}

interface Waiter {
  resolve(result: IteratorResult<Uint8Array, undefined>): void;
  reject(error: unknown): void;
}

class SplitOutput implements AsyncIterableIterator<Uint8Array> {
  readonly #source: SplitSource;
  readonly #other: () => SplitOutput;
  readonly #waiters: Waiter[] = [];
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #error: unknown;
  /** Nothing more comes: the source has ended, or this output was left. */
  over = false;

  constructor(source: SplitSource, other: () => SplitOutput) {
    this.#source = source;
    this.#other = other;
  }

  get wants(): boolean {
    return this.#waiters.length > 0;
  }

  get full(): boolean {
    return this.#keptBytes >= keptBytes;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const value = this.#kept.shift();
    if (value !== undefined) {
      this.#keptBytes -= value.length;
      this.#source.pull();
      return Promise.resolve({ done: false, value });
    }
    if (this.over) {
      const error = this.#error;
      this.#error = undefined;
      return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#source.pull();
    });
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#kept = [];
    this.#keptBytes = 0;
    this.finish(undefined);
    this.#error = undefined;
    if (this.#other().over) {
      await this.#source.close();
    } else {
      this.#source.pull();
    }
    return { done: true, value: undefined };
  }

  push(data: Uint8Array): void {
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      waiter.resolve({ done: false, value: data });
    } else if (!this.over) {
      this.#kept.push(data);
      this.#keptBytes += data.length;
    }
  }

  finish(error: unknown): void {
    if (this.over) {
      return;
    }
    this.over = true;
    const [first, ...others] = this.#waiters.splice(0);
    if (first === undefined || error === undefined) {
      this.#error = error;
      first?.resolve({ done: true, value: undefined });
    } else {
      first.reject(error);
    }
    for (const waiter of others) {
      waiter.resolve({ done: true, value: undefined });
    }
  }
}
