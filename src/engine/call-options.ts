import type { Timeouts } from "../transport/transport.ts";

export type { Timeouts };

/** What every call takes beside the Engine's own parameters. */
export interface CallOptions {
  /** Ends the call, from the dial to the last byte of the answer, with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Limits for this call; they win over the client's. Calls that may take long (wait, stop, logs, events, pull …) have
   * none for headers and for idleness unless they are given here.
   */
  readonly timeouts?: Timeouts | undefined;
}

/** Options of a call whose own parameters already have a `signal`: the one that is sent to a container. */
export interface SignallingCallOptions {
  /** Ends the call, from the dial to the last byte of the answer, with an `AbortError`. */
  readonly abortSignal?: AbortSignal | undefined;
  /** Limits for this call; they win over the client's. */
  readonly timeouts?: Timeouts | undefined;
}

/** The limits of calls that are not expected to take long, in milliseconds. */
export const defaultTimeouts: { readonly connectMs: number; readonly headersMs: number; readonly idleMs: number } = {
  connectMs: 10_000,
  headersMs: 120_000,
  idleMs: 60_000,
};
