import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An engine on a Unix socket that answers as the test says, and can be restarted. */
export class BusyEngine implements AsyncDisposable {
  readonly host: string;
  readonly #folder: string;
  readonly #path: string;
  readonly #answer: RequestListener;
  #server: Server | undefined;
  /** How many connections are open. */
  connections = 0;

  private constructor(folder: string, answer: RequestListener) {
    this.#folder = folder;
    this.#path = join(folder, "engine.sock");
    this.#answer = answer;
    this.host = `unix://${this.#path}`;
  }

  /** Starts one that answers every request by `answer`. */
  static async start(answer: RequestListener): Promise<BusyEngine> {
    const engine = new BusyEngine(await mkdtemp(join(tmpdir(), "fairlead-")), answer);
    await engine.start();
    return engine;
  }

  /** Listens. */
  async start(): Promise<void> {
    const server = createServer({ keepAliveTimeout: 0 }, this.#answer);
    this.#server = server;
    server.on("connection", (connection) => {
      this.connections += 1;
      connection.on("close", () => {
        this.connections -= 1;
      });
    });
    await new Promise<void>((resolve) => server.listen(this.#path, 5_000, resolve));
  }

  /** Breaks all connections and listens no more. */
  async stop(): Promise<void> {
    const stopped = new Promise((resolve) => this.#server?.close(resolve));
    this.#server?.closeAllConnections();
    await stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true });
  }
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, value: unknown, status: number = 200): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

/** The id in a path like `/v1.51/containers/ID/json`. */
export function idOf(request: IncomingMessage): string {
  return request.url?.split("/")[3] ?? "";
}
