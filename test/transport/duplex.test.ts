import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { test } from "node:test";
import { ConnectError } from "../../src/errors/connect-error.ts";
import type { Dialer } from "../../src/transport/dial/dialer.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import { leakCheck } from "../support/leaks.ts";
import { RawServer, type Script } from "../support/raw-server.ts";
import { drain, failure, get, ok, post, text } from "./harness.ts";
import { Unopened, unopenedDialer } from "./unopened.ts";

leakCheck();

/** A connection that is not a `net.Socket`, as one over the standard streams of a child process is. */
class Tunnel extends Duplex {
  bytesRead = 0;
  readonly #socket: Socket;

  constructor(path: string) {
    super();
    this.#socket = connect({ path });
    this.#socket.on("connect", () => this.emit("connect"));
    this.#socket.on("error", (error) => this.destroy(error));
    this.#socket.on("end", () => this.push(null));
    this.#socket.on("close", () => this.destroy());
    this.#socket.on("data", (chunk) => {
      this.bytesRead += chunk.length;
      if (!this.push(chunk)) {
        this.#socket.pause();
      }
    });
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }
}

function tunnelTo(path: string): Dialer {
  return {
    endpoint: "ssh://somewhere",
    source: "the test",
    host: "localhost",
    pathPrefix: "",
    readyEvent: "connect",
    connect: () => new Tunnel(path),
  };
}

async function withTunnel(script: Script, body: (server: RawServer, dialer: Dialer) => Promise<void>): Promise<void> {
  const server = await RawServer.listen("unix", script);
  try {
    await body(server, tunnelTo(server.dialer.endpoint.slice("unix://".length)));
  } finally {
    await server.close();
  }
}

test("a connection that is no socket is kept for the next request, and repeats one that died", async () => {
  const script: Script = async (connection, index) => {
    for (let i = 0; i < 2; i++) {
      await connection.head();
      await connection.write(ok(`${index}`));
    }
    await connection.head();
    connection.close();
  };
  await withTunnel(script, async (server, dialer) => {
    const transport = createHttpTransport(dialer);
    const answers = [];
    for (let i = 0; i < 4; i++) {
      answers.push(await text(transport, get()));
    }
    assert.deepEqual(answers, ["0", "0", "1", "1"]);
    assert.equal(server.connections.length, 2);
    await transport.close();
  });
});

test("a connection that is no socket can be upgraded and half closed", async () => {
  const script: Script = async (connection) => {
    await connection.head();
    await connection.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhi ");
    await connection.write(await connection.rest());
    connection.close();
  };
  await withTunnel(script, async (_server, dialer) => {
    const transport = createHttpTransport(dialer);
    const connection = await transport.upgrade(post());
    assert.ok("write" in connection);
    await connection.write(Buffer.from("there"));
    await connection.end();
    assert.deepEqual(await drain(connection.chunks()), { text: "hi there", error: undefined });
    await transport.close();
  });
});

test("a connection that is no socket and cannot be opened is a ConnectError", async () => {
  const transport = createHttpTransport(tunnelTo("/nowhere/engine.sock"));
  const error = await failure(transport.request(get()), ConnectError);
  assert.equal(error.attempts[0]?.endpoint, "ssh://somewhere");
  await transport.close();
});

test("a connection that fails at once is a ConnectError, and does not end the process", async () => {
  const connect = (): Unopened => new Unopened().destroy(new Error("there is no ssh"));
  const transport = createHttpTransport({ ...unopenedDialer([]), connect });
  const error = await failure(transport.request(get()), ConnectError);
  assert.equal(error.attempts[0]?.reason, "there is no ssh");
  await transport.close();
});
