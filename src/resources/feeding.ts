import type { Frame } from "../codecs/frames.ts";
import type { Lifetime } from "../engine/lifetime.ts";
import { RequestError } from "../errors/request-error.ts";
import { ResponseError } from "../errors/response-error.ts";
import type { AttachedInput } from "./attached-input.ts";
import type { AttachedStream } from "./attached-stream.ts";
import { type ByteSource, toBody } from "./byte-source.ts";

/**
 * Reads a command's output while a source is sent to its input.
 *
 * Podman resets a connection whose input it has not read to the end, after it has sent the output; so a reset is the end
 * if there was input.
 */
export async function* readWhileFeeding(
  stream: AttachedStream,
  source: ByteSource | undefined,
  lifetime: Lifetime,
): AsyncGenerator<Frame, void, undefined> {
  const feeding = Feeding.start(stream.stdin, source, lifetime);
  try {
    yield* stream;
  } catch (error) {
    const isReset = error instanceof ResponseError && (error.code === "ECONNRESET" || error.code === "EPIPE");
    if (feeding === undefined || !isReset) {
      throw error;
    }
  } finally {
    feeding?.stop();
  }
}

/** Sends a source to a command's input. */
class Feeding {
  readonly #lifetime: Lifetime;
  readonly #iterator: AsyncIterator<string | Uint8Array> | Iterator<string | Uint8Array>;
  #stopped = false;

  /** Begins to send. A source that fails ends the call with a `RequestError`. */
  static start(stdin: AttachedInput, source: ByteSource | undefined, lifetime: Lifetime): Feeding | undefined {
    if (source === undefined) {
      return undefined;
    }
    const feeding = new Feeding(source, lifetime);
    void feeding.#run(stdin);
    return feeding;
  }

  private constructor(source: ByteSource, lifetime: Lifetime) {
    this.#lifetime = lifetime;
    this.#iterator = iterate(source);
  }

  /** The command has ended: what is left of the source is not wanted, and the source is told so. */
  stop(): void {
    if (!this.#stopped) {
      this.#stopped = true;
      // An iterable that waits for its own next piece takes notice only then; nobody here waits for that.
      void (async () => this.#iterator.return?.())().catch(() => {});
    }
  }

  async #run(stdin: AttachedInput): Promise<void> {
    for (let next = await this.#next(); next !== undefined; next = await this.#next()) {
      const isSent = await stdin.write(next).then(
        () => true,
        // A command need not read its input; a broken connection is what its output ends with.
        () => false,
      );
      if (!isSent) {
        this.stop();
        return;
      }
    }
    if (!this.#stopped) {
      this.#stopped = true;
      // Refused on a terminal, which has to be sent the byte 4.
      await stdin.end().catch(() => {});
    }
  }

  async #next(): Promise<string | Uint8Array | undefined> {
    try {
      const { done, value } = this.#stopped ? { done: true } : await this.#iterator.next();
      return done ? undefined : value;
    } catch (cause) {
      if (!this.#stopped) {
        this.#stopped = true;
        this.#lifetime.end(new RequestError("Reading the command's input failed", { cause }));
      }
      return undefined;
    }
  }
}

function iterate(source: ByteSource): AsyncIterator<string | Uint8Array> | Iterator<string | Uint8Array> {
  const body = toBody(source);
  return typeof body === "string" || body instanceof Uint8Array ? [body].values() : body[Symbol.asyncIterator]();
}
