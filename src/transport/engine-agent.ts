import { Agent } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Connection, Dialer } from "./dial/dialer.ts";
import { tcpKeepAliveMs } from "./dial/tcp.ts";

/** The connections to one engine: dials them, and keeps them for the next request if `keepAlive` says so. */
export class EngineAgent extends Agent {
  readonly #dialer: Dialer;
  readonly #open: Set<Connection> = new Set();

  constructor(dialer: Dialer, keepAlive: boolean) {
    super({ keepAlive, keepAliveMsecs: tcpKeepAliveMs });
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
    if (connection instanceof Socket) {
      return super.keepSocketAlive(connection);
    }
    if ("unref" in connection && typeof connection.unref === "function") {
      connection.unref();
    }
    return true;
  }

  /** Closes the connections that no request uses. */
  dropIdle(): void {
    for (const idle of Object.values(this.freeSockets).flat()) {
      idle?.destroy();
    }
  }

  /** Closes all connections, the busy ones too, and resolves when none is left. */
  async close(): Promise<void> {
    const closed = [...this.#open].map(
      (connection) =>
        new Promise<void>((resolve) => {
          connection.once("close", () => resolve());
          connection.destroy();
        }),
    );
    await Promise.all(closed);
  }
}
