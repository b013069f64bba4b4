import { Agent, type ClientRequest } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Connection, Dialer } from "./dial/dialer.ts";
import { tcpKeepAliveMs } from "./dial/tcp.ts";

/**
 * After how long without a use idle connections are closed, so that a program with many clients holds few sockets; as in
 * the Go client (moby:client/client.go, `defaultHTTPClient`).
 */
const idleLimitMs = 30_000;

/** The connections to one engine: dials them, and keeps them for the next request if `keepAlive` says so. */
export class EngineAgent extends Agent {
  readonly #dialer: Dialer;
  readonly #open: Set<Connection> = new Set();
  /** Since when each connection has been idle, as of `performance.now()`. */
  readonly #idleSince: WeakMap<object, number> = new WeakMap();
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(dialer: Dialer, keepAlive: boolean) {
    super({ keepAlive, keepAliveMsecs: tcpKeepAliveMs, maxFreeSockets: dialer.maxIdle ?? 256 });
    this.#dialer = dialer;
  }

  /** Every connection leads to the same engine. */
  override getName(): string {
    return "engine";
  }

  override createConnection(): Connection {
    const connection = this.#dialer.connect();
    this.#open.add(connection);
    connection.once("close", () => this.#open.delete(connection));
    // Between two requests nobody else listens, and an error that nobody listens to ends the process.
    connection.on("error", () => {});
    return connection;
  }

  /** Lets the process exit while the connection is idle; `reuseSocket` of the base class takes that back. */
  override keepSocketAlive(connection: Duplex): unknown {
    connection.on("data", dropStray);
    this.#idleSince.set(connection, performance.now());
    this.#idleTimer ??= this.#dropIdleIn(idleLimitMs);
    if (connection instanceof Socket) {
      return super.keepSocketAlive(connection);
    }
    if ("unref" in connection && typeof connection.unref === "function") {
      connection.unref();
    }
    return true;
  }

  override reuseSocket(connection: Duplex, request: ClientRequest): void {
    connection.off("data", dropStray);
    super.reuseSocket(connection, request);
  }

  /** Closes the connections that no request uses. */
  dropIdle(): void {
    for (const idle of Object.values(this.freeSockets).flat()) {
      idle?.destroy();
    }
  }

  /** Closes all connections, the busy ones too, and resolves when none is left. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const closed = [...this.#open].map(
      (connection) =>
        new Promise<void>((resolve) => {
          connection.once("close", () => resolve());
          connection.destroy();
        }),
    );
    await Promise.all(closed);
  }

  #dropIdleIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#dropOld(), ms).unref();
  }

  /** Closes the connections whose time is over, and looks again when that of the next one is. */
  #dropOld(): void {
    const now = performance.now();
    const ages = Object.values(this.freeSockets)
      .flatMap((sockets) => sockets ?? [])
      .map((connection) => ({ connection, ageMs: now - (this.#idleSince.get(connection) ?? now) }));
    const young = ages.filter(({ connection, ageMs }) => ageMs < idleLimitMs || !connection.destroy());
    const oldestMs = Math.max(...young.map(({ ageMs }) => ageMs));
    this.#idleTimer = young.length === 0 ? undefined : this.#dropIdleIn(idleLimitMs - oldestMs);
  }
}

/** Bun and Deno take what an engine sends unasked for the next answer; Node 20 drops it, newer ones the connection. */
function dropStray(this: Duplex): void {
  this.destroy();
}
