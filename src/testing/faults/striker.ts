import type { Socket } from "node:net";
import type { AddedFault, Occasion } from "./fault.ts";
import type { Stall } from "./stall.ts";

/** Counts when a fault strikes, and knows who is stalled by it. */
export class Striker implements AddedFault {
  hits = 0;
  readonly #occasion: { readonly nth: number; readonly times: number };
  readonly #gone: () => void;
  readonly #stalled = new Set<() => void>();
  #met = 0;
  /** Up to which of its hits it was released. */
  #released = 0;

  /**
   * @param gone is called when it strikes no more
   * @throws RangeError if `nth` or `times` is less than 1.
   */
  constructor({ nth = 1, times = 1 }: Occasion, gone: () => void) {
    if (!(nth >= 1) || !(times >= 1)) {
      throw new RangeError(`A fault's nth and times are numbers from 1, not ${nth} and ${times}`);
    }
    this.#occasion = { nth, times };
    this.#gone = gone;
  }

  /** Whether it strikes what it meets now. */
  meet(): boolean {
    this.#met += 1;
    if (this.#met < this.#occasion.nth) {
      return false;
    }
    this.hits += 1;
    if (this.hits >= this.#occasion.times) {
      this.#gone();
    }
    return true;
  }

  /** The stall of the hit that was counted last; what was released before it begins does not begin. */
  stallOfThisHit(): Stall {
    const hit = this.hits;
    return async (socket, ms) => {
      if (hit > this.#released) {
        await this.#stall(socket, ms);
      }
    };
  }

  #stall(socket: Socket, ms: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        socket.off("close", settle);
        this.#stalled.delete(settle);
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(settle, ms);
      socket.on("close", settle);
      this.#stalled.add(settle);
      if (socket.destroyed) {
        settle();
      }
    });
  }

  release(): void {
    this.#released = this.hits;
    for (const settle of this.#stalled) {
      settle();
    }
  }

  remove(): void {
    this.#gone();
    this.release();
  }

  [Symbol.dispose](): void {
    this.remove();
  }
}
