import { test } from "node:test";
import { Docker } from "../../src/index.ts";
import { type RawConnection, RawServer } from "../support/raw-server.ts";
import { answer, pong, readRequest, type Seen } from "./support.ts";

/** What the server does with one request; undefined leaves it to the next one asked. */
export type Handler = (request: Seen, connection: RawConnection) => Promise<void> | void;

/** What a test is given: a client, its server, and the lines of the requests that the server saw. */
export interface Wired {
  readonly docker: Docker;
  readonly server: RawServer;
  readonly lines: string[];
}

/** A test with a time limit, and an engine that does for each path what `handlers` say; everything else it does not know. */
export function wired(
  name: string,
  handlers: Readonly<Record<string, Handler>>,
  body: (wired: Wired) => Promise<void>,
  apiVersion: string = "1.51",
): void {
  test(name, { timeout: 600_000 }, async () => {
    const lines: string[] = [];
    const server = await RawServer.listen("unix", async (connection) => {
      for (;;) {
        const request = await readRequest(connection);
        if (request.line === "HEAD /_ping") {
          await connection.write(pong(apiVersion));
          continue;
        }
        lines.push(request.line.replace(/\/v[\d.]+/, ""));
        const handler = Object.entries(handlers).find(([path]) => request.line.includes(path))?.[1];
        await (handler ? handler(request, connection) : connection.write(answer(500, { message: "not expected" })));
      }
    });
    const docker = new Docker({ host: server.dialer.endpoint });
    try {
      await body({ docker, server, lines });
    } finally {
      await docker.close();
      await server.close();
    }
  });
}

/** The head of a 101. */
export function switching(type: "raw" | "multiplexed", headers: string = ""): string {
  return `HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.${type}-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n${headers}\r\n`;
}

/** A handler that answers with that JSON. */
export function says(status: number, body?: unknown): Handler {
  return (_request, connection) => connection.write(answer(status, body ?? ""));
}
