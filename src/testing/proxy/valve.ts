/** What can be shut; who wants to pass waits until it is opened. */
export class Valve {
  readonly #waiting = new Set<() => void>();
  #isShut = false;

  shut(): void {
    this.#isShut = true;
  }

  open(): void {
    this.#isShut = false;
    for (const go of this.#waiting) {
      go();
    }
  }

  /** Resolves when it is open, or the signal is aborted. */
  async pass(signal: AbortSignal): Promise<void> {
    while (this.#isShut && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const settle = () => {
          this.#waiting.delete(settle);
          signal.removeEventListener("abort", settle);
          resolve();
        };
        this.#waiting.add(settle);
        signal.addEventListener("abort", settle);
      });
    }
  }
}
