import { StreamCall } from "../call.ts";
import { decodeJsonLines } from "../codecs/json-lines.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import type { EventMessage } from "../generated/models.ts";
import { operations } from "../generated/operations.ts";
import type { SystemEventsOutcome } from "../generated/outcomes.ts";
import type { SystemEventsParameters } from "../generated/parameters.ts";
import { EngineStream } from "./engine-stream.ts";
import { split } from "./options.ts";

/** Options of `system.events`. */
export type EventsOptions = CallOptions & SystemEventsParameters;

/** A running `system.events`: iterate it for the events. */
export type EventsCall = StreamCall<EventMessage, EngineStream<EventMessage>, EventsOutcome>;

type EventsOutcome = SystemEventsOutcome<EngineStream<EventMessage>>;

/** Starts `system.events`. */
export function followEvents(engine: Engine, options: EventsOptions): EventsCall {
  const { bigints } = operations.SystemEvents;
  const outcome = engine.outcome<EventsOutcome>("SystemEvents", split(options), (response, context) => {
    const { status } = response;
    return new EngineStream(decodeJsonLines<EventMessage>(response.chunks(), { status, bigints, context }));
  });
  return new StreamCall(outcome, unwrapper("SystemEvents"));
}
