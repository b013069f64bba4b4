import type { Call } from "../call.ts";
import type { CallOptions } from "../engine/call-options.ts";
import type { Engine, ValueOf } from "../engine/engine.ts";
import type { Outcomes } from "../generated/outcomes.ts";
import { type EventsCall, type EventsOptions, followEvents } from "./events.ts";
import { split } from "./options.ts";

/** What a method of `System` returns. */
type Of<Id extends keyof Outcomes> = Call<ValueOf<Outcomes[Id]>, Outcomes[Id]>;

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
  ping(options: CallOptions = {}): Of<"SystemPingHead"> {
    return this.#engine.call("SystemPingHead", split(options));
  }

  /**
   * Gives the versions of the engine and its parts.
   *
   * `GET /version`, since API 1.40.
   */
  version(options: CallOptions = {}): Of<"SystemVersion"> {
    return this.#engine.call("SystemVersion", split(options));
  }

  /**
   * Gives the engine's settings, resources and counts.
   *
   * `GET /info`, since API 1.40.
   */
  info(options: CallOptions = {}): Of<"SystemInfo"> {
    return this.#engine.call("SystemInfo", split(options));
  }

  /**
   * Follows what happens in the engine: containers that start and die, images that are pulled, and so on. Without
   * `until` it goes on until it is left. The engine is listening as soon as the call is answered, so what is done after
   * `await docker.system.events()` is not missed.
   *
   * `GET /events`, since API 1.40.
   *
   * @param options `since` and `until` are seconds since 1970, a `Date`, or RFC 3339 text; `filters` narrows down
   *
   * @example
   * for await (const { Type, Action, Actor } of docker.system.events({ filters: { type: ["container"] } })) {
   *   console.log(Type, Action, Actor.ID);
   * }
   */
  events(options: EventsOptions = {}): EventsCall {
    return followEvents(this.#engine, options);
  }
}
