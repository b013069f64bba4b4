import type { Socket } from "node:net";

/** Holds a socket up: resolves after that time, when it is released, or when the socket is closed. */
export type Stall = (socket: Socket, ms: number | undefined) => Promise<void>;
