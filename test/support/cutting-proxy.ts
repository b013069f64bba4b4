import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A way to an engine that breaks when it is told to. */
export class CuttingProxy implements AsyncDisposable {
  /** Where to connect instead of to the engine. */
  readonly host: string;
  /** Whether connections are closed as soon as they are made. */
  refusing = false;
  /** After how many bytes from the engine each new connection is cut. */
  cutAfterBytes: number = Number.POSITIVE_INFINITY;
  /** How many connections were made. */
  accepted = 0;
  readonly #server: Server;
  readonly #folder: string;
  readonly #clients = new Set<Socket>();

  private constructor(server: Server, folder: string) {
    this.#server = server;
    this.#folder = folder;
    this.host = `unix://${join(folder, "p.sock")}`;
  }

  /** Listens, and passes everything on to the engine at `host`. */
  static async before(host: string): Promise<CuttingProxy> {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-"));
    const server = createServer();
    const proxy = new CuttingProxy(server, folder);
    server.on("connection", (client) => proxy.#accept(client, host));
    server.listen(join(folder, "p.sock"));
    await once(server, "listening");
    return proxy;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#clients.size;
  }

  /** Breaks all connections at once. */
  cut(): void {
    for (const client of this.#clients) client.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true });
  }

  #accept(client: Socket, host: string): void {
    this.accepted += 1;
    if (this.refusing) {
      client.destroy();
      return;
    }
    const { protocol, hostname, port, pathname } = new URL(host);
    const upstream = protocol === "unix:" ? connect(pathname) : connect(Number(port), hostname);
    let left = this.cutAfterBytes;
    this.#clients.add(client);
    client.on("close", () => {
      this.#clients.delete(client);
      upstream.destroy();
    });
    client.on("error", () => {});
    upstream.on("error", () => client.destroy());
    upstream.on("close", () => client.destroy());
    client.pipe(upstream);
    upstream.on("data", (bytes) => {
      const part = bytes.subarray(0, left);
      left -= part.byteLength;
      client.write(part, () => {
        if (left === 0) client.destroy();
      });
    });
  }
}
