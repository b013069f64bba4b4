import type { Place } from "./place.ts";
import { openTcp, openUnix } from "./plain-ways.ts";
import { openSsh } from "./ssh-way.ts";
import { openTls } from "./tls-way.ts";

/** A way from a client to an engine. */
export interface Way {
  readonly name: string;
  /** A limit that no answer over it exceeds, on a busy machine either, in milliseconds. */
  readonly limitMs: number;
  /** Finds a place where nobody listens. */
  open(): Promise<Place>;
}

/** The ways over which every fault is tried. */
export const ways: readonly Way[] = [
  { name: "unix", limitMs: 250, open: openUnix },
  { name: "tcp", limitMs: 250, open: openTcp },
  { name: "tls", limitMs: 500, open: openTls },
  { name: "ssh", limitMs: 2_000, open: openSsh },
];
