import { Duplex, type Readable, type Writable } from "node:stream";
import type { Connection } from "./dialer.ts";

/** What a connection is made of that is not a socket of its own. */
export interface Ends {
  /** What the engine sends. */
  readonly readable: Readable;
  /** What the engine gets; ending it says that no more will come. */
  readonly writable: Writable;
  /**
   * Called when `readable` has ended: resolves if it was the engine that ended its side, rejects with what else it was.
   *
   * @param bytesRead how many bytes had come
   */
  verdict(bytesRead: number): Promise<void>;
  /** Closes both ends at once, and resolves when nothing is left of them. */
  close(): Promise<void>;
  /** Keeps the process alive while the ends are open. */
  ref(): void;
  /** Lets the process exit while the ends are open. */
  unref(): void;
}

/**
 * A connection over any two ends, such as the standard streams of a child process. What is written before they are open
 * waits for them. Like a socket it closes when the engine ends its side, unless `allowHalfOpen` is set by then.
 */
export class PipedConnection extends Duplex implements Connection {
  bytesRead = 0;
  readonly #open: (signal: AbortSignal) => Promise<Ends>;
  readonly #abandoned: AbortController = new AbortController();
  #ends: Ends | undefined;
  #ended: Promise<void> | undefined;

  /** @param open opens the ends, and rejects when `signal` is aborted */
  constructor(open: (signal: AbortSignal) => Promise<Ends>) {
    super({ allowHalfOpen: false });
    this.#open = open;
  }

  ref(): this {
    this.#ends?.ref();
    return this;
  }

  unref(): this {
    this.#ends?.unref();
    return this;
  }

  /** A stream is not torn down before it is constructed, so the opening itself has to be called off. */
  override destroy(error?: Error): this {
    this.#abandoned.abort(error);
    return super.destroy(error);
  }

  override _construct(done: (error?: Error | null) => void): void {
    const opened = (ends: Ends): void => {
      this.#use(ends);
      // Whoever asked for the connection listens from the next turn of the event loop on, and hears that it is open
      // before anything is sent.
      setImmediate(() => {
        if (!this.destroyed) {
          this.emit("connect");
        }
        done();
      });
    };
    this.#open(this.#abandoned.signal).then(opened, (cause: unknown) => done(asError(cause)));
  }

  override _read(): void {
    this.#ends?.readable.resume();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    this.#ends?.writable.write(chunk, (error) => (error ? this.#afterLastWords(() => done(error)) : done()));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#ends?.writable.end((error?: Error | null) => done(this.readableEnded ? null : error));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    Promise.resolve(this.#ends?.close()).then(() => done(error), done);
  }

  #use(ends: Ends): void {
    this.#ends = ends;
    const { readable, writable } = ends;
    readable.on("data", (chunk: Uint8Array) => {
      this.bytesRead += chunk.length;
      if (!this.push(chunk)) {
        readable.pause();
      }
    });
    readable.on("end", () => {
      this.#ended = this.#end(ends);
    });
    readable.on("error", (error) => this.destroy(error));
    readable.on("close", () => {
      this.#ended ??= Promise.resolve(void this.destroy());
    });
    // Failures to write go to the callbacks of the writes.
    writable.on("error", () => {});
  }

  /** The engine's last words, or the reason why there is no engine, are read and told first. */
  #afterLastWords(tell: () => void): void {
    const verdictThenTell = (): void => void Promise.resolve(this.#ended).then(tell);
    const readable = this.#ends?.readable;
    if (readable === undefined || readable.destroyed) {
      verdictThenTell();
    } else {
      readable.once("close", verdictThenTell);
    }
  }

  async #end(ends: Ends): Promise<void> {
    try {
      await ends.verdict(this.bytesRead);
      this.push(null);
    } catch (error) {
      this.destroy(asError(error));
    }
  }
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}
