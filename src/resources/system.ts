import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type { AuthConfig } from "../generated/models.ts";
import type * as parameters from "../generated/parameters.ts";
import { type EventsCall, type EventsOptions, followEvents } from "./events.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";

/** The engine itself: whether it answers, what it is, and what happens in it. */
export class System {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Asks whether the engine answers. This needs no version in common.
   *
   * `HEAD /_ping`, since API 1.40.
   *
   * @returns the engine's headers, such as `Api-Version`, the newest version that it speaks
   */
  ping(options: CallOptions = {}): OperationCall<"SystemPingHead"> {
    return this.#engine.call("SystemPingHead", split(options));
  }

  /**
   * Gives the versions of the engine and its parts.
   *
   * `GET /version`, since API 1.40.
   */
  version(options: CallOptions = {}): OperationCall<"SystemVersion"> {
    return this.#engine.call("SystemVersion", split(options));
  }

  /**
   * Gives the engine's settings, resources and counts.
   *
   * `GET /info`, since API 1.40.
   */
  info(options: CallOptions = {}): OperationCall<"SystemInfo"> {
    return this.#engine.call("SystemInfo", split(options));
  }

  /**
   * Follows what happens in the engine: containers that start and die, images that are pulled, and so on. Without
   * `until` it goes on until it is left. The engine is listening as soon as the call is answered, so what is done after
   * `await docker.system.events()` is not missed.
   *
   * `GET /events`, since API 1.40.
   *
   * @param options `since` and `until` are seconds since 1970, a `Date`, or RFC 3339 text; `filters` narrows down;
   *   `resume` goes on where a lost connection ended (default: the stream fails)
   * @throws (the stream) ResponseError if it breaks off and is not to be resumed
   *
   * @example
   * for await (const { Type, Action, Actor } of docker.system.events({ filters: { type: ["container"] } })) {
   *   console.log(Type, Action, Actor.ID);
   * }
   */
  events(options: EventsOptions = {}): EventsCall {
    return followEvents(this.#engine, options);
  }

  /**
   * Tells how much space images, containers, volumes and the cache of builds take.
   *
   * `GET /system/df`, since API 1.40.
   *
   * @param options `type` (since API 1.42) asks for some of them, which is quicker; `verbose` (since API 1.52) lists each
   *   one
   */
  df(options: CallOptions & parameters.SystemDataUsageParameters = {}): OperationCall<"SystemDataUsage"> {
    return this.#engine.call("SystemDataUsage", split(options));
  }

  /**
   * Checks credentials at their registry. The engine does not keep them: each pull and push takes its own.
   *
   * `POST /auth`, since API 1.40.
   *
   * @param credentials `username`, `password` and `serveraddress`
   * @returns `Status`, and an `IdentityToken` if the registry gave one in place of the password
   *
   * @example
   * await docker.system.auth({ username: "ada", password: "secret", serveraddress: "registry.example:5000" });
   */
  auth(credentials: AuthConfig, options: CallOptions = {}): OperationCall<"SystemAuth"> {
    return this.#engine.call("SystemAuth", { ...split(options), body: credentials });
  }
}
