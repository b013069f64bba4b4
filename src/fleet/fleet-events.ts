import type { Docker } from "../docker.ts";
import type { Lifetime } from "../engine/lifetime.ts";
import type { EventMessage } from "../generated/models.ts";
import { EngineStream } from "../resources/engine-stream.ts";
import type { EventsOptions } from "../resources/events.ts";
import { Rendezvous } from "./rendezvous.ts";

/** What `fleet.events` tells; `engine` is the engine's name in the fleet. */
export type FleetEvent =
  /** The engine is listening: what happens in it from now on is told. */
  | { readonly kind: "Listening"; readonly engine: string }
  /** Something happened in the engine. */
  | { readonly kind: "Event"; readonly engine: string; readonly event: EventMessage }
  /** The engine could not be reached, or its stream failed. Nothing more comes from it. */
  | { readonly kind: "Lost"; readonly engine: string; readonly error: unknown }
  /** The engine has ended its stream, because of `until` or because it shuts down. Nothing more comes from it. */
  | { readonly kind: "Ended"; readonly engine: string };

/** The events of many engines in one stream. It ends when all of them have ended or are lost. */
export type FleetEventStream = EngineStream<FleetEvent>;

/** Begins to follow all engines. `over` is called once, when that is over. */
export function followFleet(
  engines: ReadonlyMap<string, Docker>,
  options: EventsOptions,
  lifetime: Lifetime,
  over: () => void,
): FleetEventStream {
  const events = new Rendezvous<FleetEvent>(async () => {
    lifetime.dispose();
    await finished;
  });
  lifetime.onEnd = () => events.end({ error: lifetime.reason(undefined) });
  if (lifetime.signal.aborted) {
    lifetime.onEnd();
  }
  const follow = ([name, docker]: [string, Docker]) =>
    followOne(name, docker, { ...options, signal: lifetime.signal }, events);
  const finished = Promise.all([...engines].map(follow)).then(() => {
    events.end();
    lifetime.dispose();
    over();
  });
  return new EngineStream(events);
}

/** Follows one engine until it has ended, is lost, or is not wanted any more. Never rejects. */
async function followOne(
  engine: string,
  docker: Docker,
  options: EventsOptions,
  events: Rendezvous<FleetEvent>,
): Promise<void> {
  try {
    await using stream = await docker.system.events(options);
    let wanted = await events.give({ kind: "Listening", engine });
    while (wanted) {
      const { done, value } = await stream.next();
      wanted = await events.give(done ? { kind: "Ended", engine } : { kind: "Event", engine, event: value });
      if (done) {
        return;
      }
    }
  } catch (error) {
    await events.give({ kind: "Lost", engine, error });
  }
}
