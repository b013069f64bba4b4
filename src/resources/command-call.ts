import type { Frame } from "../codecs/frames.ts";
import { decodeLines, type Line } from "../codecs/lines.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { Lifetime } from "../engine/lifetime.ts";
import { AbortError } from "../errors/abort-error.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import type { ByteSource } from "./byte-source.ts";
import { type Output, OutputCollector, type OutputEncoding } from "./collector.ts";
import { EngineStream } from "./engine-stream.ts";

/** Options of calls that run a command. */
export interface CommandOptions<E extends OutputEncoding> extends CallOptions {
  /** How long the whole call may take, in milliseconds. Default: as long as it takes. */
  readonly timeoutMs?: number | undefined;
  /** What the command reads: text, bytes, a Node stream, a web stream, or any iterable. Default: no input. */
  readonly stdin?: ByteSource | undefined;
  /** Whether the collected output is text, `utf8` (the default), or `bytes`. */
  readonly encoding?: E | undefined;
  /** How much of each output is collected, at most. Default: 64 MiB. */
  readonly limitBytes?: number | undefined;
}

/** How a command ended, and what it printed. */
export interface CommandResult<E extends OutputEncoding = "utf8"> {
  /** The exit code; 128 and more for a process that a signal ended. */
  readonly exitCode: number;
  /** The output; empty if the call was iterated. With a terminal, all output is here. */
  readonly stdout: Output<E>;
  /** The error output; empty if the call was iterated. */
  readonly stderr: Output<E>;
}

/** Gives the output of a command while it runs, and at its end the exit code and whatever else is known. */
export type CommandRun<X> = (lifetime: Lifetime) => AsyncGenerator<Frame, X, undefined>;

/**
 * A running command: `await` it for its exit code and its output, or iterate it for the output as it comes, frames or
 * `lines()`, and then, if need be, `await` it too. To iterate, begin in the same tick as the call. Leaving the loop ends
 * the call.
 */
export class CommandCall<R> extends Promise<R> implements AsyncIterable<Frame> {
  /** `then` and its relatives give plain promises. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  readonly #iterate: () => AsyncIterableIterator<Frame>;

  /** Made by the resources' methods, never by callers. */
  constructor(result: Promise<R>, iterate: () => AsyncIterableIterator<Frame>) {
    super((resolve) => resolve(result));
    this.#iterate = iterate;
  }

  /**
   * The output as it comes. Failures are thrown here, so the promise need not be awaited as well.
   *
   * @throws InvalidRequestError if the call is being read already
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Frame> {
    this.catch(() => {});
    return this.#iterate();
  }

  /** The output line by line; the streams stay apart. @throws (the iterator) TextError if it is not UTF-8. */
  lines(): EngineStream<Line> {
    return new EngineStream(decodeLines(this));
  }
}

/** Runs a command for a call that collects its output, unless it is iterated from the tick of the call on. */
export function callCommand<X extends { readonly exitCode: number }, E extends OutputEncoding>(
  options: CommandOptions<E>,
  run: CommandRun<X>,
): CommandCall<X & CommandResult<E>> {
  const command = new Command(options, run);
  return new CommandCall(command.result, () => command.iterate());
}

class Command<X extends { readonly exitCode: number }, E extends OutputEncoding> {
  readonly result: Promise<X & CommandResult<E>>;
  readonly #collector: OutputCollector<E>;
  readonly #options: CommandOptions<E>;
  readonly #run: CommandRun<X>;
  #settle: Settle<X & CommandResult<E>> = { resolve() {}, reject() {} };
  #begun = false;

  constructor(options: CommandOptions<E>, run: CommandRun<X>) {
    this.#options = options;
    this.#run = run;
    // Without the option E is its default.
    this.#collector = new OutputCollector(options.encoding ?? ("utf8" as E), options.limitBytes);
    this.result = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    queueMicrotask(() => {
      if (!this.#begun) {
        void this.#collect();
      }
    });
  }

  iterate(): CommandIterator<X> {
    if (this.#begun) {
      throw new InvalidRequestError("A command can be iterated once, from the tick in which it was called");
    }
    this.#begun = true;
    try {
      const lifetime = new Lifetime(this.#options);
      const { reject } = this.#settle;
      return new CommandIterator(this.#run(lifetime), lifetime, { resolve: (exit) => this.#succeed(exit), reject });
    } catch (error) {
      this.#settle.reject(error);
      throw error;
    }
  }

  async #collect(): Promise<void> {
    try {
      const frames = this.iterate();
      for (let next = await frames.next(); !next.done; next = await frames.next()) {
        await this.#add(next.value, frames);
      }
    } catch (error) {
      this.#settle.reject(error);
    }
  }

  async #add(frame: Frame, frames: CommandIterator<X>): Promise<void> {
    try {
      this.#collector.add(frame);
    } catch (error) {
      await frames.leave(error);
    }
  }

  #succeed(exit: X): void {
    try {
      const [stdout, stderr] = [this.#collector.take("stdout"), this.#collector.take("stderr")];
      this.#settle.resolve({ ...exit, stdout, stderr });
    } catch (error) {
      this.#settle.reject(error);
    }
  }
}

/** How a promise is settled. */
interface Settle<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** Iterates the output of a command, and tells how it ended. */
class CommandIterator<X> implements AsyncIterableIterator<Frame> {
  readonly #frames: AsyncGenerator<Frame, X, undefined>;
  readonly #lifetime: Lifetime;
  readonly #settle: Settle<X>;
  #over = false;

  constructor(frames: AsyncGenerator<Frame, X, undefined>, lifetime: Lifetime, settle: Settle<X>) {
    this.#frames = frames;
    this.#lifetime = lifetime;
    this.#settle = settle;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Frame, undefined>> {
    try {
      const result = await this.#frames.next();
      if (!result.done) {
        return result;
      }
      this.#settle.resolve(result.value);
    } catch (error) {
      this.#settle.reject(error);
      if (!this.#over) {
        this.#over = true;
        throw error;
      }
    }
    this.#over = true;
    return { done: true, value: undefined };
  }

  /** Ends the call, also while a `next` waits: that one then ends. Resolves when nothing of the call is left. */
  async return(): Promise<IteratorResult<Frame, undefined>> {
    await this.leave(new AbortError("The command was left before its end"));
    return { done: true, value: undefined };
  }

  /** The same; the call fails with `error`. */
  async leave(error: unknown): Promise<void> {
    if (this.#over) {
      return;
    }
    this.#over = true;
    this.#lifetime.end(error);
    try {
      // A generator that has not begun, or is held at a `yield`, ends here, after it has cleaned up.
      await this.#frames.return(undefined as X);
      this.#settle.reject(error);
    } catch (failure) {
      this.#settle.reject(failure);
      throw failure;
    }
  }
}
