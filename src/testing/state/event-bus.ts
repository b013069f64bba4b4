import type { EventMessage } from "../../generated/models.ts";
import type { Clock } from "./clock.ts";

/** What happened, without when. */
export interface Happening {
  readonly Type: NonNullable<EventMessage["Type"]>;
  readonly Action: string;
  /** The id of what it happened to. */
  readonly ID: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  /** Default: `local`. */
  readonly scope?: "local" | "swarm";
}

type Listener = (event: EventMessage) => void;

/** How many events are kept for those who ask for the past (moby:daemon/events/events.go:13). */
const keptEvents = 256;

/** Tells what happens on the engine to all who listen, and keeps the last of it. */
export class EventBus {
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();
  #kept: EventMessage[] = [];
  #lastNano = 0n;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  publish({ Type, Action, ID, Attributes = {}, scope = "local" }: Happening): void {
    const timeNano = this.#nextNano();
    const time = Number(timeNano / 1_000_000_000n);
    const event: EventMessage = { Type, Action, Actor: { ID, Attributes: { ...Attributes } }, scope, time, timeNano };
    this.#kept = [...this.#kept.slice(1 - keptEvents), event];
    for (const listener of this.#listeners) {
      listener(event);
    }
  }

  /** The events that are kept, oldest first. */
  get past(): readonly EventMessage[] {
    return this.#kept;
  }

  /** Forgets them, as an engine does that is started anew. */
  forget(): void {
    this.#kept = [];
  }

  /** Calls `listener` with every event to come. Returns what ends that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** No two events happen at once, so that whoever resumes after one of them misses none. */
  #nextNano(): bigint {
    const now = BigInt(Math.floor(this.#clock.now())) * 1_000_000n;
    this.#lastNano = now > this.#lastNano ? now : this.#lastNano + 1n;
    return this.#lastNano;
  }
}
