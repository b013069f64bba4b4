import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Connection, Dialer } from "../../src/transport/dial/dialer.ts";
import { tcpDialer } from "../../src/transport/dial/tcp.ts";
import { unixDialer } from "../../src/transport/dial/unix.ts";

/** On what a raw server listens. */
export type ListenKind = "unix" | "tcp";

/** What a server does with its connections; `index` counts them from 0. */
export type Script = (connection: RawConnection, index: number) => Promise<void> | void;

/** How long a client may take to close what it should close. */
const patienceMs = 10_000;

/** The server's end of one connection: reads what the client sent, and writes exact bytes. */
export class RawConnection {
  readonly socket: Socket;
  /** Whether the client has closed its side. */
  clientGone = false;
  #pieces: Buffer[] = [];
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk) => {
      this.#pieces.push(chunk);
      this.#wake();
    });
    for (const event of ["end", "close", "error"]) {
      socket.on(event, () => {
        this.clientGone = true;
        this.#wake();
      });
    }
  }

  /** Takes the next request's head, up to and with its empty line; rejects if the client leaves before. */
  async head(): Promise<string> {
    const end = await this.#until(() => this.#received().indexOf("\r\n\r\n"));
    return this.#cut(end + 4).toString("latin1");
  }

  /** Takes exactly that many bytes; rejects if the client leaves before. */
  async take(byteCount: number): Promise<Buffer> {
    await this.#until(() => (this.#received().length >= byteCount ? 0 : -1));
    return this.#cut(byteCount);
  }

  /** Resolves with what was not taken when the client has closed its side. */
  async rest(): Promise<string> {
    while (!this.clientGone) {
      await this.#change();
    }
    return this.#cut(this.#received().length).toString("latin1");
  }

  /** Sends those bytes; resolves when the system has them. */
  write(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.socket.write(bytes, () => resolve());
    });
  }

  /** Closes this side, and goes on to read. */
  halfClose(): void {
    this.socket.end();
  }

  /** Closes both sides. */
  close(): void {
    this.socket.end();
    this.socket.destroySoon();
  }

  /** Closes so that the client sees a reset; a Unix socket knows resets only when it holds unread bytes. */
  reset(): void {
    if (this.socket.remoteAddress === undefined) {
      this.socket.destroy();
    } else {
      this.socket.resetAndDestroy();
    }
  }

  async #until(found: () => number): Promise<number> {
    for (;;) {
      const at = found();
      if (at >= 0) {
        return at;
      }
      if (this.clientGone) {
        throw new Error("The client left");
      }
      await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #received(): Buffer {
    const [only = Buffer.alloc(0)] = this.#pieces;
    const whole = this.#pieces.length > 1 ? Buffer.concat(this.#pieces) : only;
    this.#pieces = [whole];
    return whole;
  }

  #cut(byteCount: number): Buffer {
    const received = this.#received();
    this.#pieces = [received.subarray(byteCount)];
    return received.subarray(0, byteCount);
  }
}

/** A server that writes exact bytes, on a Unix socket or on a port of the loopback interface. */
export class RawServer implements AsyncDisposable {
  /** Dials this server. */
  readonly dialer: Dialer;
  /** All connections that were ever accepted. */
  readonly connections: RawConnection[] = [];
  readonly #server: Server;
  readonly #directory: string | undefined;
  #scriptError: unknown;

  private constructor(server: Server, dialer: Dialer, directory: string | undefined) {
    this.#server = server;
    this.dialer = dialer;
    this.#directory = directory;
  }

  /** Listens, on a path or a port of its own unless it is told on which, and runs `script` for each connection. */
  static async listen(kind: ListenKind, script: Script, at?: string | number): Promise<RawServer> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const directory = kind === "unix" && at === undefined ? await mkdtemp(join(tmpdir(), "fairlead-")) : undefined;
    const path = typeof at === "string" ? at : directory && join(directory, "engine.sock");
    const port = typeof at === "number" ? at : 0;
    await new Promise<void>((resolve, reject) => {
      server.on("error", reject);
      path === undefined ? server.listen(port, "127.0.0.1", resolve) : server.listen(path, resolve);
    });
    const raw = new RawServer(server, path === undefined ? tcpTo(server) : unixTo(path), directory);
    server.on("connection", (socket) => raw.#accept(socket, script));
    return raw;
  }

  /** How many connections the client has not closed yet. */
  get openCount(): number {
    return this.connections.filter((connection) => !connection.clientGone).length;
  }

  /** Resolves when the client has closed its connections but for `but` of them; rejects if it does not within 10 s. */
  async clientLeft(but: number = 0): Promise<void> {
    for (let waitedMs = 0; this.openCount > but; waitedMs += 5) {
      if (waitedMs > patienceMs) {
        throw new Error(`The client left ${this.openCount} connections open`);
      }
      for (const { socket } of this.connections) {
        socket.resume();
      }
      await delay(5);
    }
  }

  /** Stops listening, as an engine does that stops; connections live on. */
  stop(): void {
    this.#server.close();
  }

  /** Rejects if the client left a connection open, or if a script failed other than by the client's leaving. */
  async close(): Promise<void> {
    try {
      await this.clientLeft();
    } finally {
      for (const { socket } of this.connections) {
        socket.destroy();
      }
      await new Promise((resolve) => this.#server.close(resolve));
      if (this.#directory !== undefined) {
        await rm(this.#directory, { recursive: true });
      }
    }
    if (this.#scriptError !== undefined) {
      throw this.#scriptError;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(socket: Socket, script: Script): void {
    const connection = new RawConnection(socket);
    const index = this.connections.push(connection) - 1;
    const run = async (): Promise<void> => script(connection, index);
    run().catch((error: unknown) => {
      if (!connection.clientGone) {
        this.#scriptError = error;
      }
    });
  }
}

function unixTo(path: string): Dialer {
  return unixDialer({ path, address: `unix://${path}`, source: "the test" });
}

function tcpTo(server: Server): Dialer {
  // A server that listens on a port has an address object.
  const { port } = server.address() as AddressInfo;
  const address = `tcp://127.0.0.1:${port}`;
  return tcpDialer({ host: "127.0.0.1", port, pathPrefix: "", address, source: "the test" });
}

/** A dialer that does what the given one does, and keeps what it dials in `made`. */
export function noting(dialer: Dialer, made: Connection[]): Dialer {
  return {
    ...dialer,
    connect: () => {
      const connection = dialer.connect();
      made.push(connection);
      return connection;
    },
  };
}
