import { test } from "node:test";
import { Docker, type DockerOptions } from "../../src/index.ts";
import { type RawConnection, RawServer } from "../support/raw-server.ts";

/** One request as the server saw it. */
export interface Seen {
  /** Method and path with its query, e.g. `GET /v1.51/info`. */
  readonly line: string;
  readonly head: string;
  readonly body: string;
}

/** What the server sends; afterwards it closes the connection if `close` says so. */
export type Reply = string | Uint8Array | { readonly bytes: string | Uint8Array; readonly close: true };

/** What a test is given: a client, its server, and the requests the server saw, without those for the version. */
export interface Exchange {
  readonly docker: Docker;
  readonly server: RawServer;
  readonly seen: Seen[];
}

/** A test with a time limit, and a server that answers every request by `reply`; it answers the ping for the version itself. */
export function exchange(
  name: string,
  reply: (request: Seen) => Reply | Promise<Reply>,
  body: (exchange: Exchange) => Promise<void>,
  options: DockerOptions = {},
): void {
  test(name, { timeout: 600_000 }, async () => {
    const seen: Seen[] = [];
    const server = await RawServer.listen("unix", async (connection) => {
      for (;;) {
        const request = await readRequest(connection);
        const isPing = request.line === "HEAD /_ping" && options.apiVersion === undefined;
        if (!isPing) {
          seen.push(request);
        }
        await send(connection, isPing ? pong("1.51") : await reply(request));
      }
    });
    const docker = new Docker({ host: server.dialer.endpoint, ...options });
    try {
      await body({ docker, server, seen });
    } finally {
      await docker.close();
      await server.close();
    }
  });
}

/** Takes the next request, which has its length in its head. */
export async function readRequest(connection: RawConnection): Promise<Seen> {
  const head = await connection.head();
  const length = Number(/^content-length: (\d+)\r$/im.exec(head)?.[1] ?? 0);
  const body = (await connection.take(length)).toString();
  return { line: head.slice(0, head.indexOf(" HTTP/1.1\r\n")), head, body };
}

async function send(connection: RawConnection, reply: Reply): Promise<void> {
  if (typeof reply === "string" || reply instanceof Uint8Array) {
    await connection.write(reply);
    return;
  }
  await connection.write(reply.bytes);
  connection.close();
}

/** The answer to a ping. */
export function pong(apiVersion: string | undefined): string {
  return `HTTP/1.1 200 OK\r\n${apiVersion === undefined ? "" : `Api-Version: ${apiVersion}\r\n`}Content-Length: 0\r\n\r\n`;
}

/** An answer with its length; an object is written as JSON. */
export function answer(status: number, body: unknown = "", headers: string = ""): string {
  const isText = typeof body === "string";
  const text = isText ? body : JSON.stringify(body);
  const type = isText ? "" : "Content-Type: application/json\r\n";
  return `HTTP/1.1 ${status} Status\r\n${type}${headers}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** An answer whose body ends with the connection. */
export function stream(body: string | Uint8Array, headers: string = ""): Reply {
  const head = Buffer.from(`HTTP/1.1 200 OK\r\n${headers}\r\n`);
  return { bytes: Buffer.concat([head, Buffer.from(body)]), close: true };
}
