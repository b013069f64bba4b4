import { setImmediate } from "node:timers/promises";

/** How long a program may run before everybody else has a turn, in milliseconds. */
const sliceMs = 2;

/** Thrown inside a program to end it at once, because its process was killed. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/**
 * Keeps a program from running on for ever: it lets the rest of this process go on from time to time, and ends the
 * program when it was killed.
 */
export class Pace {
  readonly ended: AbortSignal;
  #sinceMs = performance.now();

  constructor(ended: AbortSignal) {
    this.ended = ended;
  }

  /** To be called in every loop. Throws Killed. */
  async step(): Promise<void> {
    if (performance.now() - this.#sinceMs > sliceMs) {
      await setImmediate();
      this.#sinceMs = performance.now();
    }
    this.check();
  }

  /** Throws Killed if the program was. */
  check(): void {
    if (this.ended.aborted) {
      throw new Killed("killed");
    }
  }
}
