import { type IncomingMessage, ServerResponse } from "node:http";
import { Duplex } from "node:stream";
import type { Takeover } from "./handler.ts";

const rawStream = "application/vnd.docker.raw-stream";

/** Serves a connection whose client has asked for the upgrade, and ends it afterwards. */
export async function takeOver(socket: Duplex, { headers, serve }: Takeover, signal: AbortSignal): Promise<void> {
  const lines = Object.entries(headers ?? { "Content-Type": rawStream, Connection: "Upgrade", Upgrade: "tcp" });
  // dockerd names the status in capitals (moby:daemon/server/router/container/container_routes.go:1142).
  socket.write(`HTTP/1.1 101 UPGRADED\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
  await serve(socket, signal);
  socket.end();
}

/** Serves a client that did not ask for an upgrade: its body is the input, the answer's body the output. */
export async function serveInBody(
  request: IncomingMessage,
  response: ServerResponse,
  { serve }: Takeover,
  signal: AbortSignal,
): Promise<void> {
  response.setHeader("Content-Type", rawStream);
  response.flushHeaders();
  await serve(Duplex.from({ readable: request, writable: response }), signal);
  response.end();
}

/** Makes a response on a connection that Node has given away because its client asked for an upgrade. */
export function responseOn(socket: Duplex, request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  // Node's server gives its own sockets, which are net.Socket, to its listeners for upgrades.
  response.assignSocket(socket as Parameters<ServerResponse["assignSocket"]>[0]);
  response.on("finish", () => socket.end());
  return response;
}

/** The body of a request that asked for an upgrade, which Node leaves in the connection. */
export async function* bodyOnSocket(socket: Duplex, length: number): AsyncIterableIterator<Uint8Array> {
  for (let missing = length; missing > 0; ) {
    const chunk: Uint8Array | null = socket.read(Math.min(missing, socket.readableLength || missing));
    if (chunk !== null) {
      missing -= chunk.length;
      yield chunk;
    } else if (socket.readableEnded || socket.destroyed) {
      return;
    } else {
      await readable(socket);
    }
  }
}

function readable(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      socket.off("readable", settle);
      socket.off("end", settle);
      socket.off("close", settle);
      resolve();
    };
    socket.on("readable", settle);
    socket.on("end", settle);
    socket.on("close", settle);
  });
}
