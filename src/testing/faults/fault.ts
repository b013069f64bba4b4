/** What breaks off, or holds up, whatever comes. */
export type Interruption =
  /** The connection is reset. A Unix socket knows no resets: it is closed at once, in both directions. */
  | { readonly kind: "reset" }
  /** Nothing more comes, in good order: a body with a declared length is too short, a chunked one has no end. */
  | { readonly kind: "end" }
  /** Nothing comes for that many milliseconds of real time; without `ms`, until `release()` of what `add` returned. */
  | { readonly kind: "stall"; readonly ms?: number | undefined };

/** What is done to bytes on their way. */
export type Disturbance =
  | Interruption
  /** From there on each byte comes by itself, `everyMs` milliseconds after the one before. Default: 0. */
  | { readonly kind: "trickle"; readonly everyMs?: number | undefined }
  /** These bytes are put in. Inside a body they are a part of it: its length or its chunks are right for it. */
  | { readonly kind: "insert"; readonly data: string | Uint8Array };

/** An answer that is given in the place of the engine's own. */
export interface FalseAnswer {
  readonly kind: "answer";
  readonly status: number;
  /** Text and bytes are sent as they are, anything else as JSON. */
  readonly body: unknown;
  /** Default: `application/json`. */
  readonly contentType?: string | undefined;
  /**
   * `request`: nothing is done, as when a proxy answers. `answer`: what was asked for is done, and then something else is
   * answered. Default: `request`.
   */
  readonly at?: "request" | "answer" | undefined;
}

/**
 * A fault of an engine: *what* happens, and *where*.
 *
 * - `connect`: when a connection is made, before anything is read
 * - `request`: when a request was read, before anything is done
 * - `answer`: when all was done, before the first byte of the answer
 * - `headers`: within the status line and headers, after `afterBytes` of their bytes. Default: half of them.
 * - `body`: within the body, or the stream after an upgrade, after `afterBytes` of its bytes. Default: 0. `Infinity` is
 *   the end of a body. The framing of chunks does not count.
 */
export type Fault =
  | (Interruption & { readonly at: "connect" | "request" })
  | (Disturbance & { readonly at: "answer" | "headers" | "body"; readonly afterBytes?: number | undefined })
  | FalseAnswer;

/** Which of those that it would strike a fault strikes. */
export interface Occasion {
  /** The first that it strikes, counted from 1. Default: 1. */
  readonly nth?: number | undefined;
  /** How many it strikes, one after the other. Default: 1; `Infinity` for all. */
  readonly times?: number | undefined;
}

/** A fault that was added. Disposing of it removes it. */
export interface AddedFault extends Disposable {
  /** How often it struck. */
  readonly hits: number;
  /** Ends the stalls of all that it struck until now. */
  release(): void;
  /** Ends its stalls, and strikes no more. What it has broken stays broken. */
  remove(): void;
}
