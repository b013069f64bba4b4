import type { EventMessage } from "../generated/models.ts";

/**
 * How far a resumed stream looks back before the newest event. An event gets its time before it gets its place
 * (moby:daemon/events/events.go, `Log` and `PublishMessage`), so a later one may come first.
 */
const overlap = 1_000_000_000n;

/** How many events are remembered. The daemon itself remembers 256 (moby:daemon/events/events.go, `eventsLimit`). */
const mostRemembered = 4_096;

/** Which events have been told, so that a stream can go on after its connection was lost. */
export class SeenEvents {
  readonly #identities = new Set<string>();
  /** In nanoseconds since 1970, as all moments here. What is older is not wanted, or was told over a connection before. */
  #floor: bigint;
  #newest = 0n;

  /** @param since from when on events are wanted, in seconds since 1970, e.g. `1700000000.5` */
  constructor(since: string) {
    const [seconds = "", fraction = ""] = since.split(".");
    this.#floor = BigInt(seconds + fraction.padEnd(9, "0"));
  }

  /** Notes an event; false if it is not to be told again. */
  isNew(event: EventMessage): boolean {
    const time = event.timeNano ?? BigInt(event.time ?? 0) * 1_000_000_000n;
    const identity = JSON.stringify([String(time), event.Type, event.Action, event.scope, event.Actor]);
    // Events of a swarm have the time of the change, by the clock of another machine.
    const isLocal = event.scope !== "swarm";
    if (this.#identities.has(identity) || (isLocal && time < this.#floor)) {
      return false;
    }
    this.#remember(identity);
    if (isLocal && time > this.#newest) {
      this.#newest = time;
    }
    return true;
  }

  /** From when on events are needed now, in seconds since 1970. */
  resume(): string {
    if (this.#newest - overlap > this.#floor) {
      this.#floor = this.#newest - overlap;
    }
    const nanoseconds = String(this.#floor).padStart(10, "0");
    return `${nanoseconds.slice(0, -9)}.${nanoseconds.slice(-9)}`;
  }

  #remember(identity: string): void {
    this.#identities.add(identity);
    if (this.#identities.size > mostRemembered) {
      for (const oldest of this.#identities) {
        this.#identities.delete(oldest);
        break;
      }
    }
  }
}
