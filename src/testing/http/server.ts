import { setMaxListeners } from "node:events";
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { operations } from "../../generated/operations.ts";
import { EngineFaults } from "../faults/faults.ts";
import { engineFacts } from "../state/engine-facts.ts";
import type { World } from "../state/world.ts";
import type { EngineRequest, Handlers, Takeover } from "./handler.ts";
import { readRequest } from "./read-request.ts";
import { notImplemented } from "./refusal.ts";
import { type AnyReply, respond, respondError } from "./respond.ts";
import { bodyOnSocket, responseOn, serveInBody, takeOver } from "./takeover.ts";

/** Where a server listens: the path of a socket, or a port of the loopback. */
export type Place = { readonly path: string } | { readonly host: string; readonly port: number };

type AnyHandler = (request: EngineRequest, world: World) => AnyReply | Promise<AnyReply>;

/** The Engine API over HTTP: reads requests, asks their handlers, writes their answers. */
export class EngineServer {
  readonly #world: World;
  readonly #handlers: Handlers;
  readonly faults: EngineFaults = new EngineFaults();
  readonly #http: HttpServer = createHttpServer({ keepAliveTimeout: 0, requestTimeout: 0 });
  readonly #places: Place[] = [];
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  #closing = closing();

  constructor(world: World, handlers: Handlers) {
    this.#world = world;
    this.#handlers = handlers;
    this.#http.on("request", (request, response) => void this.#serve(request, response));
    this.#http.on("upgrade", (request, socket, head) => void this.#serveUpgrade(request, socket, head));
  }

  /** Listens at a place; resolves with the port, which is 0 for a socket. */
  async listen(place: Place): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => void this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(place, resolve);
    });
    this.#servers.push(server);
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    this.#places.push("path" in place ? place : { ...place, port });
    return port;
  }

  /** Ends every connection and stops listening. */
  async close(): Promise<void> {
    this.#closing.abort();
    const closed = this.#servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await Promise.all(closed);
  }

  /** Listens again after `close`, at the same places. */
  async reopen(): Promise<void> {
    this.#closing = closing();
    await Promise.all(this.#places.splice(0).map((place) => this.listen(place)));
  }

  async #accept(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.destroySoon = () => endGently(socket);
    if (await this.faults.admit(socket)) {
      this.#http.emit("connection", socket);
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { signal, release } = this.#signalOf(response);
    this.#sayWho(response);
    try {
      const read = readRequest(request, request, signal, this.#world.versions);
      const reply = await this.#handle(read, request);
      if (isTakeover(reply.value)) {
        await serveInBody(request, response, reply.value, signal);
      } else {
        await respond(response, reply, operations[read.operation].answer);
      }
    } catch (error) {
      respondError(response, error);
    } finally {
      release();
      // A body that nobody wanted must not stand in the way of the connection's next request.
      request.resume();
    }
  }

  async #serveUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { signal, release } = this.#signalOf(socket);
    socket.unshift(head);
    const body = bodyOnSocket(socket, Number(request.headers["content-length"] ?? 0));
    try {
      const read = readRequest(request, body, signal, this.#world.versions);
      const reply = await this.#handle(read, request);
      if (isTakeover(reply.value)) {
        await takeOver(socket, reply.value, signal);
      } else {
        await respond(this.#responseOn(socket, request), reply, operations[read.operation].answer);
      }
    } catch (error) {
      respondError(this.#responseOn(socket, request), error);
    } finally {
      release();
    }
  }

  #handle(request: EngineRequest, message: IncomingMessage): Promise<AnyReply> {
    return this.faults.around(request.operation, message, async () => {
      // The table has for each operation a handler of that operation's type.
      const handler = this.#handlers[request.operation] as AnyHandler | undefined;
      if (handler === undefined) {
        throw notImplemented(request.operation);
      }
      return handler(request, this.#world);
    });
  }

  #responseOn(socket: Duplex, request: IncomingMessage): ServerResponse {
    const response = responseOn(socket, request);
    this.#sayWho(response);
    return response;
  }

  /** What every answer of an engine carries (moby:daemon/server/middleware/version.go:69-71). */
  #sayWho(response: ServerResponse): void {
    response.setHeader("Server", `Docker/${engineFacts.version} (linux)`);
    response.setHeader("Api-Version", this.#world.versions.newest);
    response.setHeader("Docker-Experimental", "false");
    response.setHeader("Ostype", "linux");
  }

  #signalOf(stream: Duplex | ServerResponse): { readonly signal: AbortSignal; readonly release: () => void } {
    const gone = new AbortController();
    const leave = () => gone.abort();
    stream.on("close", leave);
    this.#closing.signal.addEventListener("abort", leave);
    return {
      signal: gone.signal,
      release: () => this.#closing.signal.removeEventListener("abort", leave),
    };
  }
}

/**
 * Ends a connection whose client may still be sending: who reads the rest of a body before it closes lets the client read
 * the answer, which a reset would take away. Go's server waits as long (`rstAvoidanceDelay` in net/http/server.go).
 */
function endGently(socket: Socket): void {
  socket.end();
  const timer = setTimeout(() => socket.destroy(), 500);
  socket.on("close", () => clearTimeout(timer));
}

/** Every request listens to it, however many there are. */
function closing(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

function isTakeover(value: unknown): value is Takeover {
  return typeof value === "object" && value !== null && "serve" in value;
}
