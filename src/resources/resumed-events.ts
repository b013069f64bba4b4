import { setTimeout as delay } from "node:timers/promises";
import { AbortError } from "../errors/abort-error.ts";
import { ConnectError } from "../errors/connect-error.ts";
import { RequestError } from "../errors/request-error.ts";
import { ResponseError } from "../errors/response-error.ts";
import { StatusError } from "../errors/status-error.ts";
import { TimeoutError } from "../errors/timeout-error.ts";
import { UnexpectedStatusError } from "../errors/unexpected-status-error.ts";
import type { EventMessage } from "../generated/models.ts";
import { SeenEvents } from "./seen-events.ts";

/** One connection on which events come. */
export interface EventSource {
  readonly events: AsyncIterableIterator<EventMessage>;
  /** When the engine answered, in milliseconds since 1970 by its own clock. */
  readonly answeredMs: number;
}

/** How a lost stream of events is taken up again. */
export interface Resumption {
  /** Connects again, for the events since then, in seconds. Throws what a call throws. */
  readonly reconnect: (since: string, signal: AbortSignal) => Promise<EventSource>;
  /** From when on the caller wants events; undefined means from the answer on. */
  readonly since: string | undefined;
  /** The moment of the last event that the caller wants, in milliseconds since 1970. */
  readonly untilMs: number | undefined;
  /** How long it is tried to connect again before the stream fails. */
  readonly giveUpAfterMs: number;
  readonly signal: AbortSignal | undefined;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** The engine's clock is told in whole seconds. */
const clockErrorMs = 1_000;

const events = { operation: "SystemEvents", method: "GET", path: "/events" };

/** Events over as many connections as it takes, each event once. */
export class ResumedEvents implements AsyncIterableIterator<EventMessage> {
  readonly #resumption: Resumption;
  readonly #events: AsyncGenerator<EventMessage, undefined>;
  readonly #closing = new AbortController();
  readonly #seen: SeenEvents;
  #source: EventSource;
  /** How much the engine's clock is ahead of ours. */
  #aheadMs: number;
  /** Since when, and how often, it was tried to go on; undefined while all is well. */
  #trouble: { readonly sinceMs: number; attempts: number } | undefined;
  #connectedMs = Date.now();

  constructor(source: EventSource, resumption: Resumption) {
    this.#source = source;
    this.#resumption = resumption;
    this.#aheadMs = source.answeredMs - Date.now();
    // Everything that happened in the second of the answer, for that is how precisely it is known.
    this.#seen = new SeenEvents(resumption.since ?? String(Math.floor(source.answeredMs / 1_000)));
    this.#events = this.#read();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<EventMessage, undefined>> {
    return this.#events.next();
  }

  async return(): Promise<IteratorResult<EventMessage, undefined>> {
    this.#closing.abort();
    await this.#source.events.return?.();
    return this.#events.return(undefined);
  }

  async *#read(): AsyncGenerator<EventMessage, undefined> {
    for (;;) {
      const lost = yield* this.#readOne();
      if (this.#closing.signal.aborted || (lost === undefined && this.#isOver())) {
        return undefined;
      }
      if (lost !== undefined && !isLoss(lost)) {
        throw lost;
      }
      const next = await this.#reconnect(lost);
      if (next === undefined) {
        return undefined;
      }
      this.#source = next;
    }
  }

  /** Gives what is new on one connection, and what ended it; undefined for an end without an error. */
  async *#readOne(): AsyncGenerator<EventMessage, unknown> {
    try {
      for await (const event of this.#source.events) {
        if (this.#seen.isNew(event)) {
          this.#trouble = undefined;
          yield event;
        }
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** The next connection; undefined when the stream was left meanwhile. */
  async #reconnect(lost: unknown): Promise<EventSource | undefined> {
    if (Date.now() - this.#connectedMs >= longestPauseMs) {
      this.#trouble = undefined;
    }
    const { signal } = this.#resumption;
    const either = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    let failure: unknown =
      lost ?? new ResponseError("The engine ended its events", { status: 200, receivedBytes: 0 }, events);
    for (;;) {
      await this.#pause(failure, either);
      try {
        const source = await this.#resumption.reconnect(this.#seen.resume(), either);
        if (this.#closing.signal.aborted) {
          await source.events.return?.();
          return undefined;
        }
        this.#connectedMs = Date.now();
        this.#aheadMs = source.answeredMs - this.#connectedMs;
        return source;
      } catch (error) {
        if (this.#closing.signal.aborted) {
          return undefined;
        }
        if (!isLoss(error)) {
          throw error;
        }
        failure = error;
      }
    }
  }

  /** Waits before the next attempt, or throws when there were enough. */
  async #pause(failure: unknown, signal: AbortSignal): Promise<void> {
    const now = Date.now();
    this.#trouble ??= { sinceMs: now, attempts: 0 };
    const pauseMs = Math.min(firstPauseMs * 2 ** this.#trouble.attempts, longestPauseMs);
    this.#trouble.attempts += 1;
    if (now + pauseMs - this.#trouble.sinceMs > this.#resumption.giveUpAfterMs) {
      throw failure;
    }
    // Whoever ends the pause ends the next attempt too, which says so.
    await delay(pauseMs, undefined, { signal }).catch(() => {});
  }

  /** Whether the moment of the last wanted event is over, so that an end is the end. */
  #isOver(): boolean {
    const { untilMs } = this.#resumption;
    return untilMs !== undefined && Date.now() + this.#aheadMs + clockErrorMs >= untilMs;
  }
}

/** Whether the connection, and not what came over it, is at fault. */
function isLoss(error: unknown): boolean {
  if (error instanceof AbortError) {
    return false;
  }
  if (error instanceof StatusError || error instanceof UnexpectedStatusError) {
    return error.status >= 500;
  }
  return [ConnectError, RequestError, ResponseError, TimeoutError].some((kind) => error instanceof kind);
}
