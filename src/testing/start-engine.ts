import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineFaults } from "./faults/faults.ts";
import { type RestartOptions, restart } from "./faults/restart.ts";
import { EngineServer } from "./http/server.ts";
import { allVersions } from "./http/versions.ts";
import { handlers } from "./operations/handlers.ts";
import { busybox } from "./programs/busybox.ts";
import type { Program } from "./programs/program.ts";
import type { Clock } from "./state/clock.ts";
import { addProgramImage, type ProgramImageOptions } from "./state/program-image.ts";
import type { RegistryUsers } from "./state/registries.ts";
import { World } from "./state/world.ts";

/** Where and how an embedded engine listens. */
export interface EngineOptions {
  /** The path of its Unix socket. Default: one in a private temporary folder, which is removed in the end. */
  readonly socket?: string | undefined;
  /** Whether it listens on a port of the loopback too: `true` for any free one. Default: `false`. */
  readonly tcp?: boolean | number | undefined;
  /** The API versions that it speaks. Default: `1.40` to `1.56`. */
  readonly oldestVersion?: string | undefined;
  readonly newestVersion?: string | undefined;
}

/** An engine in this process: the Engine API on a real socket, without containers of the computer's. */
export class EmbeddedEngine implements AsyncDisposable {
  /** Its address, for `new Docker({ host })` and `DOCKER_HOST`: `unix:///path/docker.sock`. */
  readonly host: string;
  /** Its address on the loopback, `tcp://127.0.0.1:port`; undefined unless it was asked for. */
  readonly tcpHost: string | undefined;
  /** Its time, which can be stopped and moved on. */
  readonly clock: Clock;
  /** What goes wrong between it and its clients. */
  readonly faults: EngineFaults;
  readonly #world: World;
  readonly #server: EngineServer;
  readonly #close: () => Promise<void>;

  /** Made by `startEngine`. */
  constructor(
    facts: Pick<EmbeddedEngine, "host" | "tcpHost">,
    world: World,
    server: EngineServer,
    close: () => Promise<void>,
  ) {
    this.host = facts.host;
    this.tcpHost = facts.tcpHost;
    this.clock = world.clock;
    this.faults = server.faults;
    this.#world = world;
    this.#server = server;
    this.#close = close;
  }

  /**
   * Makes an image of a program, which runs in this process whenever a container of the image does.
   *
   * @param name with or without a tag, e.g. `python:3.12`
   * @throws Refusal if the name is none.
   *
   * @example
   * engine.image("greeter", async ({ cmd, stdout }) => {
   *   await stdout.write(`hello ${cmd[1]}\n`);
   *   return 0;
   * });
   */
  image(name: string, program: Program, options: ProgramImageOptions = {}): void {
    addProgramImage(this.#world, name, program, options);
  }

  /**
   * Makes a registry within the engine, which images can be pushed to and pulled from: no connection is made. Docker Hub
   * is there from the beginning; other hosts are unknown until they are made.
   *
   * @param host with its port, e.g. `registry.example:5000`
   * @param users passwords by users, who alone may come in. Default: everybody may.
   */
  registry(host: string, users?: RegistryUsers): void {
    const registry = this.#world.registries.open(host);
    if (users !== undefined) {
      registry.guard(users);
    }
  }

  /**
   * Restarts the daemon: all connections are lost, and its events are forgotten. Its containers are killed, and started
   * again if their policy says so, unless they are to be kept as with dockerd's `live-restore`. Its faults stay.
   */
  restart(options: RestartOptions = {}): Promise<void> {
    return restart(this.#world, this.#server, options);
  }

  /** Ends every connection and every program, and removes the socket. */
  close(): Promise<void> {
    return this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Starts an engine in this process. It has one image, `busybox`, with a shell and the usual commands.
 *
 * @example
 * await using engine = await startEngine();
 * await using docker = new Docker({ host: engine.host });
 */
export async function startEngine(options: EngineOptions = {}): Promise<EmbeddedEngine> {
  const { oldestVersion = allVersions.oldest, newestVersion = allVersions.newest } = options;
  const world = new World({ oldest: oldestVersion, newest: newestVersion });
  addProgramImage(world, "busybox", busybox, {});
  const server = new EngineServer(world, handlers);
  const folder = options.socket === undefined ? await mkdtemp(join(tmpdir(), "fairlead-")) : undefined;
  const path = options.socket ?? join(folder ?? "", "docker.sock");
  const close = async () => {
    world.close();
    await server.close();
    if (folder !== undefined) {
      await rm(folder, { recursive: true, force: true });
    }
  };
  try {
    await server.listen({ path });
    const tcpHost = options.tcp ? await listenOnLoopback(server, options.tcp) : undefined;
    return new EmbeddedEngine({ host: `unix://${path}`, tcpHost }, world, server, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function listenOnLoopback(server: EngineServer, tcp: number | true): Promise<string> {
  const port = await server.listen({ host: "127.0.0.1", port: tcp === true ? 0 : tcp });
  return `tcp://127.0.0.1:${port}`;
}
