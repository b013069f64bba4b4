import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Outlet } from "../faults/outlet.ts";
import { connect } from "./connect.ts";
import { addressOf, type Place, placeOf } from "./place.ts";
import type { Direction } from "./proxy-fault.ts";
import { ProxyFaults } from "./proxy-faults.ts";
import { Valve } from "./valve.ts";

/** What a proxy stands before, and where. */
export interface ProxyOptions {
  /** The engine: `unix:///path/docker.sock` or `tcp://host:port`. */
  readonly target: string;
  /** Where it listens, likewise; the port 0 is any free one. Default: a Unix socket in a private temporary folder. */
  readonly listen?: string | undefined;
}

/** A way to an engine that passes on each byte, and breaks when it is told to. */
export class EngineProxy implements AsyncDisposable {
  /** Where to connect instead of to the engine. */
  readonly host: string;
  /** What goes wrong on the way. */
  readonly faults: ProxyFaults = new ProxyFaults();
  /** How many connections were made. */
  accepted = 0;
  /** How many bytes were passed on, as the clients see it. */
  readonly bytes: Record<Direction, number> = { sent: 0, received: 0 };
  readonly #valves: Record<Direction, Valve> = { sent: new Valve(), received: new Valve() };
  readonly #clients = new Set<Socket>();
  readonly #target: Place;
  readonly #close: () => Promise<void>;

  /** Made by `startProxy`. */
  constructor(host: string, target: Place, server: Server, close: () => Promise<void>) {
    this.host = host;
    this.#target = target;
    this.#close = close;
    server.on("connection", (client) => void this.#accept(client));
  }

  /** How many connections are open. */
  get open(): number {
    return this.#clients.size;
  }

  /** Holds back what comes, in one direction or both, until `resume`. Nothing is lost. Default: both. */
  suspend(...directions: Direction[]): void {
    for (const direction of directions.length > 0 ? directions : (["sent", "received"] as const)) {
      this.#valves[direction].shut();
    }
  }

  /** Passes everything on again. */
  resume(): void {
    this.#valves.sent.open();
    this.#valves.received.open();
  }

  /** Breaks off all connections at once. */
  cut(): void {
    for (const client of this.#clients) {
      client.destroy();
    }
  }

  /** Breaks off all connections, and listens no more. */
  async close(): Promise<void> {
    this.cut();
    await this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #accept(client: Socket): Promise<void> {
    this.accepted += 1;
    this.#clients.add(client);
    client.on("close", () => this.#clients.delete(client));
    client.on("error", () => client.destroy());
    const { atConnect, inBytes } = this.faults.strike();
    const outlet = new Outlet(client, () => Promise.resolve());
    for (const { fault, stall } of atConnect) {
      await outlet.disturb(fault, stall);
    }
    if (!outlet.isCut) {
      await connect(client, this.#target, (direction) => ({
        valve: this.#valves[direction],
        hits: inBytes.filter(({ fault }) => fault.at === direction),
        count: (byteCount) => {
          this.bytes[direction] += byteCount;
        },
      }));
    }
  }
}

/**
 * Starts a proxy in front of any engine: what it passes on is the same, byte for byte.
 *
 * @throws TypeError if an address is none; Error if it cannot listen there.
 *
 * @example
 * await using proxy = await startProxy({ target: "unix:///var/run/docker.sock" });
 * await using docker = new Docker({ host: proxy.host });
 */
export async function startProxy({ target, listen }: ProxyOptions): Promise<EngineProxy> {
  const engine = placeOf(target);
  const folder = listen === undefined ? await mkdtemp(join(tmpdir(), "fairlead-")) : undefined;
  const place = placeOf(listen ?? `unix://${join(folder ?? "", "proxy.sock")}`);
  const server = createServer({ allowHalfOpen: true });
  const removeFolder = async () => {
    if (folder !== undefined) {
      await rm(folder, { recursive: true, force: true });
    }
  };
  try {
    server.listen(place);
    await once(server, "listening");
  } catch (error) {
    await removeFolder();
    throw error;
  }
  return new EngineProxy(addressOf(server.address()), engine, server, async () => {
    await new Promise((resolve) => server.close(resolve));
    await removeFolder();
  });
}
