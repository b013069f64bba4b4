import { TimeoutError, type TimeoutKind } from "../errors/timeout-error.ts";
import type { TransportRequest } from "./transport.ts";

/** The longest delay that the platform's timers can hold, about 24 days. */
const longestDelayMs = 2 ** 31 - 1;

/** One of a call's limits: counts while it is started, and reports a `TimeoutError` when it is exceeded. */
export class Limit {
  readonly #kind: TimeoutKind;
  readonly #limitMs: number;
  readonly #request: TransportRequest;
  readonly #exceeded: (error: TimeoutError) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(kind: TimeoutKind, limitMs: number, request: TransportRequest, exceeded: (error: TimeoutError) => void) {
    this.#kind = kind;
    this.#limitMs = limitMs;
    this.#request = request;
    this.#exceeded = exceeded;
  }

  /** Counts from now. */
  start(): void {
    if (this.#timer !== undefined) {
      this.#timer.refresh();
      return;
    }
    this.#timer = setTimeout(() => {
      const { operation, method, path } = this.#request;
      this.#exceeded(new TimeoutError(this.#kind, this.#limitMs, { operation, method, path }));
    }, this.#limitMs);
  }

  /** Stops counting. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** The limit of that kind, or undefined when the request sets none, so that calls without limits cost no timers. */
export function limitOf(
  kind: Exclude<TimeoutKind, "total">,
  request: TransportRequest,
  exceeded: (error: TimeoutError) => void,
): Limit | undefined {
  const limitMs = request.timeouts[`${kind}Ms`];
  if (limitMs === undefined || limitMs > longestDelayMs) {
    return undefined;
  }
  return new Limit(kind, limitMs, request, exceeded);
}
