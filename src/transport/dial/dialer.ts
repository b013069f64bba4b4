import type { Duplex } from "node:stream";

/** An open way to the engine, or one that is being opened: bytes in both directions. `net.Socket` is one. */
export interface Connection extends Duplex {
  /** How many bytes the engine has sent so far. */
  readonly bytesRead: number;
  /** Keeps the process alive while the connection is open. */
  ref(): unknown;
  /** Lets the process exit while the connection is open. */
  unref(): unknown;
}

/** What every kind of address has. */
export interface Address {
  /** The address for messages, e.g. `unix:///var/run/docker.sock`. */
  readonly address: string;
  /** Where the address comes from, e.g. `DOCKER_HOST`. */
  readonly source: string;
}

/** Opens connections to one engine. There is one implementation per kind of address. */
export interface Dialer {
  /** The address for messages, e.g. `unix:///var/run/docker.sock`. */
  readonly endpoint: string;
  /** Where the address comes from, e.g. `DOCKER_HOST`. */
  readonly source: string;
  /** The value of the `Host` header. */
  readonly host: string;
  /** What precedes every request's path: empty, or like `/engine` without a trailing slash. */
  readonly pathPrefix: string;
  /** The event by which a connection says that it is open; an `error` before it means that it could not be opened. */
  readonly readyEvent: "connect" | "secureConnect";
  /**
   * Begins to open a connection and returns at once. What is written meanwhile is sent when it is open; destroying the
   * connection cancels the attempt. `readyEvent` is not emitted before the event loop's next turn.
   */
  connect(): Connection;
}
