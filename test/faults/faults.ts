/** The moments of an exchange, in their order. */
const moments = ["call", "connect", "accept", "request", "silence", "first byte", "headers", "piece", "body"] as const;
type Moment = (typeof moments)[number];

/** What an engine, or the way to it, does wrong. */
export interface Fault {
  readonly name: string;
  readonly at: "connect" | "accept" | "first byte" | "headers" | "body";
  readonly what: "refuses" | "closes" | "stalls" | "talks nonsense";
}

export const faults: readonly Fault[] = [
  { name: "connection refused", at: "connect", what: "refuses" },
  { name: "closed at accept", at: "accept", what: "closes" },
  { name: "closed before the first byte", at: "first byte", what: "closes" },
  { name: "closed inside the headers", at: "headers", what: "closes" },
  { name: "closed inside the body", at: "body", what: "closes" },
  { name: "stalled before the first byte", at: "first byte", what: "stalls" },
  { name: "stalled inside the headers", at: "headers", what: "stalls" },
  { name: "stalled inside the body", at: "body", what: "stalls" },
  { name: "garbage before the headers", at: "first byte", what: "talks nonsense" },
  { name: "garbage inside the body", at: "body", what: "talks nonsense" },
];

/** What the caller does meanwhile. */
export interface Cancellation {
  readonly name: string;
  readonly how: "nothing" | "abort" | "leave" | "limit";
  /** When, for those that have their moment. */
  readonly at?: Moment;
}

export const cancellations: readonly Cancellation[] = [
  { name: "no cancellation", how: "nothing" },
  { name: "already aborted", how: "abort", at: "call" },
  { name: "abort mid request", how: "abort", at: "request" },
  { name: "abort before the first byte", how: "abort", at: "silence" },
  { name: "abort mid answer", how: "abort", at: "piece" },
  { name: "break out of the loop", how: "leave", at: "piece" },
  { name: "timeout", how: "limit" },
];

/** Whether the caller ends the call before the fault can. */
export function comesFirst({ at }: Cancellation, fault: Fault): boolean {
  return at !== undefined && moments.indexOf(at) < moments.indexOf(fault.at);
}
