import type { ClientRequest } from "node:http";

/** Sends a request's body piece by piece, no faster than the engine takes it. */
export class Upload {
  readonly #message: ClientRequest;
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #failed: (cause: unknown) => void;
  #stopped = false;
  #drained: (() => void) | undefined;

  /** `failed` is told when the iterable throws. */
  constructor(message: ClientRequest, body: AsyncIterable<Uint8Array>, failed: (cause: unknown) => void) {
    this.#message = message;
    this.#pieces = body[Symbol.asyncIterator]();
    this.#failed = failed;
  }

  /** Sends, from `accepted` on, until the iterable ends or the upload is stopped. Never rejects. */
  async run(accepted: Promise<void> | undefined): Promise<void> {
    this.#message.flushHeaders();
    this.#message.on("drain", () => this.#drained?.());
    try {
      await accepted;
      await this.#pump();
    } catch (cause) {
      if (!this.#stopped) {
        this.stop();
        this.#failed(cause);
      }
    }
  }

  /** Takes no more from the iterable, and tells it so. */
  stop(): void {
    if (this.#stopped) {
      return;
    }
    this.#stopped = true;
    this.#drained?.();
    // The upload is over: what the caller's clean-up throws has nobody left to go to.
    Promise.resolve(this.#pieces.return?.()).catch(() => {});
  }

  async #pump(): Promise<void> {
    while (!this.#stopped) {
      const { done, value } = await this.#pieces.next();
      if (this.#stopped) {
        return;
      }
      if (done) {
        this.#stopped = true;
        this.#message.end();
      } else if (!this.#message.write(value)) {
        await new Promise<void>((resolve) => {
          this.#drained = resolve;
        });
      }
    }
  }
}
