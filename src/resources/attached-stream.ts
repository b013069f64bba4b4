import { Readable, Writable } from "node:stream";
import type * as web from "node:stream/web";
import type { Frame } from "../codecs/frames.ts";
import { splitFrames } from "../codecs/split-frames.ts";
import type { UpgradedConnection } from "../engine/answer.ts";
import type { CallOptions } from "../engine/call-options.ts";
import type { ErrorContext } from "../errors/fairlead-error.ts";
import { AttachedInput, type InputEnd, type StreamState } from "./attached-input.ts";
import { LogStream } from "./log-stream.ts";

/** The size of a terminal, in characters. */
export interface TerminalSize {
  /** Its height in lines. */
  readonly h: number;
  /** Its width in columns. */
  readonly w: number;
}

/** The streams of a process as Node streams. */
export interface NodeStreams {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/** The streams of a process as web streams. */
export interface WebStreams {
  readonly stdin: web.WritableStream<string | Uint8Array>;
  readonly stdout: web.ReadableStream<Uint8Array>;
  readonly stderr: web.ReadableStream<Uint8Array>;
}

/** What an attached stream is made of. */
export interface Attachment {
  readonly connection: UpgradedConnection;
  /** Cuts what the engine sends into frames. */
  readonly frames: (chunks: AsyncIterable<Uint8Array>) => AsyncIterableIterator<Frame>;
  readonly end: InputEnd;
  readonly resize: (size: TerminalSize, options: CallOptions) => Promise<void>;
  readonly context: ErrorContext;
}

/**
 * The streams of a process that runs in a container. Iterate it for frames of output (all `stdout` if there is a terminal),
 * or read it with `lines()` or `text()`; write to `stdin`. It is read once, in one of these ways, and holds the process
 * back while its reader is slow. Leaving a loop, `close()` and `await using` end the connection, not the process; a stream
 * that is neither read to its end nor closed keeps its connection.
 */
export class AttachedStream extends LogStream {
  /** The standard input of the process. */
  readonly stdin: AttachedInput;
  readonly #resize: Attachment["resize"];

  /** Made by the resources' methods, never by callers. */
  constructor({ connection, frames, end, resize, context }: Attachment) {
    const state = { over: false };
    super(frames(new ConnectionReader(connection, state)), context);
    this.stdin = new AttachedInput(connection, state, end, context);
    this.#resize = resize;
  }

  /**
   * Tells the process the size of its terminal.
   *
   * @throws StatusError if the process is not there or does not run, or if it has no terminal
   */
  resize({ h, w }: TerminalSize, options: CallOptions = {}): Promise<void> {
    return this.#resize({ h, w }, options);
  }

  /**
   * Gives the streams as Node streams, which then are the way to read and write. Read both outputs, or destroy the one
   * that is not wanted: more than 64 KiB that nobody reads hold back both. Ending `stdin` is `stdin.end()`; an input
   * whose end is refused fails with that error.
   *
   * @example
   * const { stdin, stdout } = stream.toNodeStreams();
   * await Promise.all([pipeline(createReadStream("in.txt"), stdin), pipeline(stdout, createWriteStream("out.txt"))]);
   */
  toNodeStreams(): NodeStreams {
    const { stdin } = this;
    const { stdout, stderr } = splitFrames(this);
    return {
      stdin: new Writable({
        write: (chunk: Uint8Array, _encoding, done) => settle(stdin.write(chunk), done),
        final: (done) => settle(stdin.end(), done),
      }),
      stdout: Readable.from(stdout, { objectMode: false }),
      stderr: Readable.from(stderr, { objectMode: false }),
    };
  }

  /** Gives the streams as web streams, under the rules of `toNodeStreams()`. */
  toWebStreams(): WebStreams {
    const { stdin } = this;
    const { stdout, stderr } = splitFrames(this);
    return {
      stdin: new WritableStream({ write: (chunk) => stdin.write(chunk), close: () => stdin.end() }),
      stdout: toWebStream(stdout),
      stderr: toWebStream(stderr),
    };
  }
}

/**
 * What the engine sends. At its end the connection is closed: an engine whose side has ended may neither read nor close
 * any more, and a write would hang.
 */
class ConnectionReader implements AsyncIterableIterator<Uint8Array> {
  readonly #connection: UpgradedConnection;
  readonly #state: StreamState;
  readonly #chunks: AsyncIterator<Uint8Array>;

  constructor(connection: UpgradedConnection, state: StreamState) {
    this.#connection = connection;
    this.#state = state;
    this.#chunks = connection.chunks();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const result = await this.#chunks.next();
    if (result.done) {
      this.#state.over = true;
      this.#connection.destroy();
    }
    return result;
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#connection.destroy();
    await this.#chunks.return?.();
    return { done: true, value: undefined };
  }
}

function settle(promise: Promise<void>, done: (error?: Error | null) => void): void {
  promise.then(
    () => done(),
    // Everything that these promises are rejected with is a FairleadError.
    (error: Error) => done(error),
  );
}

function toWebStream(iterator: AsyncIterator<Uint8Array>): web.ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) {
          controller.close();
        } else {
          controller.enqueue(value);
        }
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
