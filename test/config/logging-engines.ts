import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Certificate, issue, makeAuthority } from "../support/certificates.ts";

/** A request as an engine saw it. */
export interface SeenRequest {
  /** The engine's name in the test. */
  readonly engine: string;
  readonly path: string;
  /** Headers that begin with `x-`. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Servers that note who asks them what, and answer as an engine without containers would: an engine cannot tell which
 * headers it got. `ONE` is on TCP, `TWO` on a Unix socket, `SAFE` on TCP with TLS and wants a client certificate.
 */
export class LoggingEngines implements AsyncDisposable {
  readonly addresses: Readonly<Record<"ONE" | "TWO" | "SAFE", string>>;
  readonly authority: Certificate;
  readonly client: Certificate;
  #seen: SeenRequest[] = [];
  readonly #servers: readonly Server[];

  private constructor(servers: readonly Server[], addresses: LoggingEngines["addresses"], pairs: Certificate[]) {
    this.#servers = servers;
    this.addresses = addresses;
    [this.authority, this.client] = [pairs[0] ?? noPair, pairs[1] ?? noPair];
  }

  /** @param folder where the Unix socket is put */
  static async listen(folder: string): Promise<LoggingEngines> {
    const authority = await makeAuthority();
    const [own, client] = await Promise.all([issue(authority), issue(authority)]);
    const note = (engine: string) => (request: IncomingMessage, response: ServerResponse) => {
      engines.#note(engine, request);
      response.setHeader("Api-Version", "1.49");
      response.end(request.url?.includes("/containers/json") ? "[]" : "OK");
    };
    const tls = { ...own, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
    const servers = [createServer(note("ONE")), createServer(note("TWO")), createTlsServer(tls, note("SAFE"))];
    const [one, two, safe] = servers;
    const path = join(folder, "engine.sock");
    const addresses = {
      ONE: `tcp://127.0.0.1:${await listen(one, 0)}`,
      TWO: `unix://${await listen(two, path)}`,
      SAFE: `tcp://127.0.0.1:${await listen(safe, 0)}`,
    };
    const engines = new LoggingEngines(servers, addresses, [authority, client]);
    return engines;
  }

  /** What was asked since it was last taken. */
  take(): readonly SeenRequest[] {
    const seen = this.#seen;
    this.#seen = [];
    return seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #note(engine: string, { url = "", headers }: IncomingMessage): void {
    const own = Object.entries(headers).filter(([name]) => name.startsWith("x-"));
    const path = url.replace(/\?.*$/, "");
    this.#seen.push({ engine, path, headers: Object.fromEntries(own.map(([name, value]) => [name, String(value)])) });
  }
}

const noPair: Certificate = { cert: "", key: "" };

function listen(server: Server | undefined, where: number | string): Promise<number | string> {
  return new Promise((resolve) => {
    const done = () => {
      const address = server?.address();
      resolve(typeof address === "string" ? address : ((address as AddressInfo | null)?.port ?? 0));
    };
    typeof where === "string" ? server?.listen(where, done) : server?.listen(where, "127.0.0.1", done);
  });
}
