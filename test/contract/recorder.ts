import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach } from "node:test";
import type { TestEngine } from "../support/engines.ts";

/** A way to an engine on which everything is counted that passes. */
export interface Recorder {
  /** Where to connect instead of to the engine. */
  readonly host: string;
  /** How many connections were made since the test began. */
  readonly connections: number;
  /** How many of them are open. */
  readonly open: number;
  /** What the client sent since the test began. */
  readonly sent: string;
  /** How many bytes the engine sent since the test began. */
  readonly receivedBytes: number;
}

/** Sets up a recorder inside the body of `forEachEngine`. */
export function useRecorder(engine: TestEngine): Recorder {
  const record = { host: "", connections: 0, open: 0, sent: "", receivedBytes: 0 };
  const sockets = new Set<Socket>();
  let folder = "";
  const server = createServer((client) => {
    const upstream = dial(engine.host);
    record.connections += 1;
    record.open += 1;
    client.on("data", (bytes) => {
      record.sent += bytes.toString("latin1");
    });
    upstream.on("data", (bytes) => {
      record.receivedBytes += bytes.byteLength;
    });
    client.once("close", () => {
      record.open -= 1;
    });
    passOn(client, upstream);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    }
  });
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fairlead-"));
    const path = join(folder, "r.sock");
    record.host = `unix://${path}`;
    server.listen(path);
    await once(server, "listening");
  });
  beforeEach(() => Object.assign(record, { connections: 0, sent: "", receivedBytes: 0 }));
  after(async () => {
    server.close();
    for (const socket of sockets) {
      socket.destroy();
    }
    await rm(folder, { recursive: true });
  });
  return record;
}

/** Passes everything on both ways, and the end of either side to the other. */
function passOn(client: Socket, upstream: Socket): void {
  client.pipe(upstream);
  upstream.pipe(client);
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
}

function dial(host: string): Socket {
  const { protocol, hostname, port, pathname } = new URL(host);
  return protocol === "unix:" ? connect(pathname) : connect(Number(port), hostname);
}
