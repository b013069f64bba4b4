import { Docker, type DockerOptions } from "../docker.ts";
import { Lifetime, type LifetimeOptions } from "../engine/lifetime.ts";
import { AbortError } from "../errors/abort-error.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import type { EventsOptions } from "../resources/events.ts";
import { type FleetEventStream, followFleet } from "./fleet-events.ts";

/** How a fleet works. */
export interface FleetOptions {
  /** On how many engines `run` works at the same time. Default: 16. */
  readonly concurrency?: number | undefined;
}

/** Options of `fleet.run`. */
export interface FleetRunOptions {
  /** How long one engine may take, in milliseconds, counted from when its turn comes. Default: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Ends the work: the engines that are not through fail with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
}

/** What the work on one engine came to; `engine` is its name in the fleet. */
export type FleetOutcome<T> =
  | { readonly engine: string; readonly kind: "Succeeded"; readonly value: T }
  | { readonly engine: string; readonly kind: "Failed"; readonly error: unknown };

const defaultConcurrency = 16;

/**
 * Many engines, each by a name. Its clients cost no connection until they are used. Engines that are nodes of one swarm
 * are better asked through one of its managers.
 *
 * @example
 * await using fleet = new Fleet({ berlin: { host: "tcp://10.0.0.1:2375" }, local: {} });
 * for (const outcome of await fleet.run((docker) => docker.containers.list())) {
 *   console.log(outcome.engine, outcome.kind === "Succeeded" ? outcome.value.length : outcome.error);
 * }
 */
export class Fleet implements AsyncDisposable {
  /** The clients by the names of their engines. */
  readonly engines: ReadonlyMap<string, Docker>;
  readonly #own: readonly Docker[];
  readonly #concurrency: number;
  readonly #running: Set<Lifetime> = new Set();
  #closed = false;

  /**
   * @param engines where each engine is, or a client for it; `close()` closes the clients that the fleet made itself
   * @throws InvalidRequestError if an engine's options are malformed, or `concurrency` is no positive whole number
   */
  constructor(engines: Readonly<Record<string, DockerOptions | Docker>>, options: FleetOptions = {}) {
    const { concurrency = defaultConcurrency } = options;
    if (!(Number.isInteger(concurrency) && concurrency > 0)) {
      throw new InvalidRequestError("concurrency must be a positive whole number", { parameter: "concurrency" });
    }
    this.#concurrency = concurrency;
    this.engines = new Map(Object.entries(engines).map(([name, engine]) => [name, clientFor(name, engine)]));
    this.#own = [...this.engines].flatMap(([name, docker]) => (engines[name] === docker ? [] : [docker]));
  }

  /**
   * Does the same on every engine, on a few at a time, and gives what each came to, in the fleet's order. An engine that
   * fails or hangs holds none of the others back.
   *
   * The work is given a signal, which it should pass on to its calls: it ends them when `timeoutMs` is over, `signal` is
   * aborted or the fleet is closed. It is aborted after the work as well, so streams are to be read within the work.
   *
   * @param work is called once for each engine
   * @throws InvalidRequestError if `timeoutMs` is no number of milliseconds; what `work` throws is an outcome
   *
   * @example
   * const outcomes = await fleet.run((docker, _, signal) => docker.ping({ signal }));
   * const down = outcomes.filter(({ kind }) => kind === "Failed").map(({ engine }) => engine);
   */
  async run<T>(
    work: (docker: Docker, engine: string, signal: AbortSignal) => T | PromiseLike<T>,
    options: FleetRunOptions = {},
  ): Promise<FleetOutcome<T>[]> {
    const outcomes: FleetOutcome<T>[] = [];
    const waiting = [...this.engines].entries();
    const takeTurns = async () => {
      for (const [index, [engine, docker]] of waiting) {
        const lifetime = this.#begin(options);
        outcomes[index] = await runOne(engine, (signal) => work(docker, engine, signal), lifetime);
        this.#running.delete(lifetime);
      }
    };
    const atOnce = Math.min(this.#concurrency, this.engines.size);
    await Promise.all(Array.from({ length: atOnce }, takeTurns));
    return outcomes;
  }

  /**
   * Follows what happens in all engines, in one stream. Each engine that listens, ends or is lost is told of as well; the
   * stream goes on with the others, and ends when none is left. A slow reader holds the engines back.
   *
   * `GET /events` on each engine, since API 1.40.
   *
   * @param options as of `system.events`; with `resume` an engine is lost only if it stays away
   * @throws (the stream) AbortError if `signal` is aborted or the fleet is closed
   *
   * @example
   * for await (const told of fleet.events({ resume: true, filters: { event: ["die"] } })) {
   *   if (told.kind === "Event") console.log(told.engine, told.event.Actor.ID);
   *   if (told.kind === "Lost") console.log(told.engine, told.error);
   * }
   */
  events(options: EventsOptions = {}): FleetEventStream {
    const lifetime = this.#begin({ signal: options.signal });
    return followFleet(this.engines, options, lifetime, () => this.#running.delete(lifetime));
  }

  /**
   * Ends what runs with an `AbortError`, and closes the clients that the fleet made itself. Resolves when none of their
   * sockets is left.
   */
  async close(): Promise<void> {
    this.#closed = true;
    for (const lifetime of this.#running) {
      lifetime.end(fleetClosed());
    }
    await Promise.all(this.#own.map((docker) => docker.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #begin(options: LifetimeOptions): Lifetime {
    const lifetime = new Lifetime(options);
    if (this.#closed) {
      lifetime.end(fleetClosed());
    }
    this.#running.add(lifetime);
    return lifetime;
  }
}

function clientFor(name: string, engine: DockerOptions | Docker): Docker {
  if (engine instanceof Docker) {
    return engine;
  }
  try {
    return new Docker(engine);
  } catch (cause) {
    throw cause instanceof InvalidRequestError
      ? new InvalidRequestError(`The fleet's engine ${name}: ${cause.message}`, { parameter: name, cause })
      : cause;
  }
}

/** Settles as soon as the lifetime is over, whatever the work does then. Never rejects. */
async function runOne<T>(
  engine: string,
  work: (signal: AbortSignal) => T | PromiseLike<T>,
  lifetime: Lifetime,
): Promise<FleetOutcome<T>> {
  try {
    lifetime.check();
    const ended = new Promise<never>((_, reject) => {
      lifetime.onEnd = () => reject(lifetime.reason(undefined));
    });
    return { engine, kind: "Succeeded", value: await Promise.race([work(lifetime.signal), ended]) };
  } catch (error) {
    return { engine, kind: "Failed", error: lifetime.reason(error) };
  } finally {
    lifetime.dispose();
  }
}

function fleetClosed(): AbortError {
  return new AbortError("The fleet was closed");
}
