import { Refusal } from "../http/refusal.ts";
import type { Clock } from "../state/clock.ts";
import type { EventBus, Happening } from "../state/event-bus.ts";
import type { Ids } from "../state/ids.ts";
import { goTime } from "../state/timestamps.ts";

/** What everything that belongs to a swarm has. */
export interface SwarmObject {
  readonly ID: string;
  /** Grows with each change of anything in the swarm. */
  version: number;
  readonly createdMs: number;
  updatedMs: number;
}

/** What all parts of a swarm need: time, ids, events, and the one counter of versions. */
export class Ledger {
  readonly clock: Clock;
  readonly #ids: Ids;
  readonly #events: EventBus;
  #index = 9;

  constructor(clock: Clock, ids: Ids, events: EventBus) {
    this.clock = clock;
    this.#ids = ids;
    this.#events = events;
  }

  /** A new object's beginning. */
  begin(): SwarmObject {
    const now = this.clock.now();
    return { ID: this.#ids.nextOfSwarm(), version: this.#next(), createdMs: now, updatedMs: now };
  }

  /** Notes that an object has changed. */
  stamp(object: SwarmObject): void {
    object.version = this.#next();
    object.updatedMs = this.clock.now();
  }

  /** Random-looking text, for tokens and keys. */
  token(): string {
    return this.#ids.nextOfSwarm();
  }

  tell(
    Type: Happening["Type"],
    Action: string,
    { ID }: SwarmObject,
    Attributes: Readonly<Record<string, string>>,
  ): void {
    this.#events.publish({ Type, Action, ID, Attributes, scope: "swarm" });
  }

  #next(): number {
    this.#index += 1;
    return this.#index;
  }
}

/** @throws Refusal if an object has changed since that version (swarmkit:manager/state/store/memory.go, ErrSequenceConflict). */
export function checkVersion({ version }: SwarmObject, given: number): void {
  if (version !== given) {
    throw new Refusal(500, "rpc error: code = Unknown desc = update out of sequence");
  }
}

/** How the API writes what every object has. */
export function headOf({ ID, version, createdMs, updatedMs }: SwarmObject): {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
} {
  return { ID, Version: { Index: version }, CreatedAt: goTime(createdMs), UpdatedAt: goTime(updatedMs) };
}

/** A refusal of swarmkit's, as dockerd passes it on. */
export function invalid(why: string): Refusal {
  return new Refusal(400, `rpc error: code = InvalidArgument desc = ${why}`);
}
