import type { OutputListener, Process } from "../programs/process.ts";

/** What is attached to a container: it stays while processes come and go. */
export class Attachments {
  /** Who listens, and how to tell them that nothing will come. */
  readonly #listeners = new Map<OutputListener, () => void>();
  #process: Process | undefined;
  /** Those who have something to type wait here until there is a process. */
  readonly #waiting: (() => void)[] = [];

  /** Gives the output of a new process to all who listen. */
  connect(process: Process): void {
    this.#process = process;
    process.listen(async (stream, bytes) => {
      await Promise.all([...this.#listeners.keys()].map((listener) => listener(stream, bytes)));
    });
    for (const go of this.#waiting.splice(0)) {
      go();
    }
  }

  /** Calls `listener` with all output from now on, or `reset` if the container cannot be started. Returns what ends that. */
  listen(listener: OutputListener, reset: () => void): () => void {
    this.#listeners.set(listener, reset);
    return () => this.#listeners.delete(listener);
  }

  /** Tells all who listen that the container could not be started. */
  reset(): void {
    for (const reset of this.#listeners.values()) {
      reset();
    }
  }

  /** Types or pipes bytes into the process, once there is one; resolves when it has taken them, or on the signal. */
  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#started(signal);
    await this.#process?.write(bytes);
  }

  /** Ends the input of the process. */
  async end(signal: AbortSignal): Promise<void> {
    await this.#started(signal);
    this.#process?.stdin.end();
  }

  #started(signal: AbortSignal): Promise<void> {
    if (this.#process !== undefined || signal.aborted) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }
}
