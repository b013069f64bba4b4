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
   * connection cancels the attempt. `readyEvent` is emitted before anything is sent, and not before the event loop's next
   * turn.
   */
  connect(): Connection;
  /**
   * Resolves when the engine has surely taken the client for one of its own, if that is later than `readyEvent`; or when
   * the connection is gone. One that is refused is best not written to until the refusal has been read.
   */
  accepted?(connection: Connection): Promise<void>;
  /** How many connections may be kept while no request needs them. Default: 256. */
  readonly maxIdle?: number;
  /** Ends what connections share, when all of them are closed; resolves when nothing is left. */
  close?(): Promise<void>;
}
