import { setTimeout as delay } from "node:timers/promises";

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

/**
 * The engine's time. It runs by itself until it is stopped; then it stands still and moves only when it is told to, and
 * with it everything that waits: programs that sleep, grace periods, health checks, restarts.
 */
export class Clock {
  #stoppedAtMs: number | undefined;
  /** How far the engine's time is ahead of the computer's while it runs. */
  #aheadMs = 0;
  readonly #sleepers = new Set<Sleeper>();

  /** The engine's time, in milliseconds since 1970. */
  now(): number {
    return this.#stoppedAtMs ?? Date.now() + this.#aheadMs;
  }

  /** Stops the time. Without effect if it stands still already. */
  stop(): void {
    this.#stoppedAtMs ??= this.now();
    // Those who sleep by the computer's time go on by ours.
    this.#changed();
  }

  /** Lets the time run on from where it stands. */
  resume(): void {
    if (this.#stoppedAtMs !== undefined) {
      this.#aheadMs = this.#stoppedAtMs - Date.now();
      this.#stoppedAtMs = undefined;
      this.#changed();
    }
  }

  /**
   * Moves a stopped time on, and wakes who slept until then, in the order of their times.
   *
   * @throws RangeError if the time is not stopped, or `ms` is negative.
   */
  async advance(ms: number): Promise<void> {
    if (this.#stoppedAtMs === undefined || !(ms >= 0)) {
      throw new RangeError("clock.advance() wants a stopped clock and a positive number of milliseconds");
    }
    const untilMs = this.#stoppedAtMs + ms;
    for (let next = this.#next(untilMs); next; next = this.#next(untilMs)) {
      this.#stoppedAtMs = Math.max(this.#stoppedAtMs, next.untilMs);
      this.#sleepers.delete(next);
      next.wake();
      // What it wakes may sleep again within the same stretch of time.
      await new Promise(setImmediate);
    }
    this.#stoppedAtMs = untilMs;
  }

  /** Resolves after so many milliseconds of the engine's time; also, and at once, when `signal` is aborted. */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const untilMs = this.now() + ms;
    while (!signal?.aborted && this.now() < untilMs) {
      await this.#waitFor(untilMs, signal);
    }
  }

  async #waitFor(untilMs: number, signal: AbortSignal | undefined): Promise<void> {
    const woken = new AbortController();
    const sleeper = { untilMs, wake: () => woken.abort() };
    const either = signal === undefined ? woken.signal : AbortSignal.any([signal, woken.signal]);
    this.#sleepers.add(sleeper);
    // While the time stands still only `advance`, `resume` or the signal wakes anybody.
    const ms = this.#stoppedAtMs === undefined ? Math.min(untilMs - this.now(), longestTimerMs) : longestTimerMs;
    await delay(ms, undefined, { signal: either, ref: false }).catch(() => {});
    this.#sleepers.delete(sleeper);
  }

  #next(untilMs: number): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.untilMs <= untilMs && sleeper.untilMs < (first?.untilMs ?? Number.POSITIVE_INFINITY)) {
        first = sleeper;
      }
    }
    return first;
  }

  #changed(): void {
    for (const { wake } of this.#sleepers) {
      wake();
    }
  }
}

/** The longest that a timer of Node's may be. */
const longestTimerMs = 2 ** 31 - 1;
