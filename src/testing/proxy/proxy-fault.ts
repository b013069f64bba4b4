import type { Disturbance, Interruption } from "../faults/fault.ts";

/**
 * A fault of a proxy: *what* happens, and *where*, as its client sees it.
 *
 * - `connect`: when the client connects, before the engine is reached
 * - `sent`: in what the client sends, after `afterBytes` of it. Default: 0.
 * - `received`: in what the client receives, after `afterBytes` of it. Default: 0.
 *
 * `reset` breaks off both directions, wherever it strikes. `end` within what is sent lets the engine see an orderly end,
 * within what is received the client; at `connect` the client.
 */
export type ProxyFault =
  | (Interruption & { readonly at: "connect" })
  | (Disturbance & { readonly at: Direction; readonly afterBytes?: number | undefined });

/** A way through a proxy, as its client sees it. */
export type Direction = "sent" | "received";
