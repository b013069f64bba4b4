import type { AddedFault, Occasion } from "./fault.ts";
import type { Stall } from "./stall.ts";
import { Striker } from "./striker.ts";

/** A fault that strikes now. */
export interface Hit<F> {
  readonly fault: F;
  /** Resolves after that time, when this strike is released, or when the socket is closed. */
  readonly stall: Stall;
}

interface Entry<F, S> {
  readonly fault: F;
  readonly striker: Striker;
  readonly matches: (subject: S) => boolean;
}

/** Faults, and whom they are meant for. */
export class FaultList<F, S> {
  readonly #entries = new Set<Entry<F, S>>();
  readonly #strikers = new Set<Striker>();

  add(occasion: Occasion, fault: F, matches: (subject: S) => boolean): AddedFault {
    const striker = new Striker(occasion, () => this.#entries.delete(entry));
    const entry: Entry<F, S> = { fault, striker, matches };
    this.#entries.add(entry);
    this.#strikers.add(striker);
    return striker;
  }

  /** Those that strike this one, in the order in which they were added. */
  strike(subject: S): readonly Hit<F>[] {
    return [...this.#entries]
      .filter(({ matches, striker }) => matches(subject) && striker.meet())
      .map(({ fault, striker }) => ({ fault, stall: striker.stallOfThisHit() }));
  }

  /** Removes all, and ends their stalls. */
  clear(): void {
    for (const striker of this.#strikers) {
      striker.remove();
    }
    this.#strikers.clear();
  }
}
