import { StreamCall } from "../call.ts";
import { decodeJsonLines } from "../codecs/json-lines.ts";
import type { AnswerContext, EngineResponse } from "../engine/answer.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import type { CallInput } from "../engine/request.ts";
import { encodeTimestamp } from "../engine/timestamp.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import type { EventMessage } from "../generated/models.ts";
import { operations } from "../generated/operations.ts";
import type { SystemEventsOutcome } from "../generated/outcomes.ts";
import type { SystemEventsParameters } from "../generated/parameters.ts";
import { EngineStream } from "./engine-stream.ts";
import { split } from "./options.ts";
import type { EventSource, Resumption } from "./resumed-events.ts";

/** Options of `system.events`. */
export interface EventsOptions extends CallOptions, SystemEventsParameters {
  /**
   * Whether to connect again when the connection is lost, and to go on where it was lost: every event that the engine
   * still knows comes, and none comes twice. Default: no, then the stream fails.
   *
   * Docker knows its last 256 events, and nothing from before its own start; Podman what its log keeps. Events of a
   * swarm have the time of another machine: those of the time when the connection was lost may be missed. A stream
   * without `since` may, when it is resumed, tell the second in which it began from its beginning.
   */
  readonly resume?: boolean | ResumeOptions | undefined;
}

/** How a lost stream of events is taken up again. */
export interface ResumeOptions {
  /**
   * How long it is tried to connect again before the stream fails with what failed last. The pauses between the attempts
   * grow from 100 ms to 5 s. Default: 60,000; `Infinity` never gives up.
   */
  readonly giveUpAfterMs?: number | undefined;
}

/** A running `system.events`: iterate it for the events. */
export type EventsCall = StreamCall<EventMessage, EngineStream<EventMessage>, EventsOutcome>;

type EventsOutcome = SystemEventsOutcome<EngineStream<EventMessage>>;

const defaultGiveUpAfterMs = 60_000;

/** Starts `system.events`. */
export function followEvents(engine: Engine, options: EventsOptions): EventsCall {
  return new StreamCall(open(engine, options), unwrapper("SystemEvents"));
}

async function open(engine: Engine, { resume, ...options }: EventsOptions): Promise<EventsOutcome> {
  const input = inputOf(options);
  const giveUpAfterMs = limitOf(resume);
  if (giveUpAfterMs === undefined) {
    return engine.outcome<EventsOutcome>(
      "SystemEvents",
      input,
      (response, context) => new EngineStream(sourceOf(response, context).events),
    );
  }
  const { ResumedEvents } = await import("./resumed-events.ts");
  return engine.outcome<EventsOutcome>("SystemEvents", input, (response, context) => {
    const resumption = resumptionOf(engine, options, giveUpAfterMs);
    return new EngineStream(new ResumedEvents(sourceOf(response, context), resumption));
  });
}

function inputOf(options: CallOptions & SystemEventsParameters): CallInput {
  // The daemon takes no wildcards here (moby:daemon/server/httputils/contenttype/contenttype.go:10-43). API 1.52 knows the
  // second type alone; before, the header is not read.
  return { ...split(options), headers: { Accept: "application/jsonl, application/x-ndjson" } };
}

function limitOf(resume: EventsOptions["resume"]): number | undefined {
  if (resume === undefined || resume === false) {
    return undefined;
  }
  const limit = resume === true ? defaultGiveUpAfterMs : (resume.giveUpAfterMs ?? defaultGiveUpAfterMs);
  if (!(limit >= 0)) {
    throw new InvalidRequestError("giveUpAfterMs must be a number of milliseconds", {
      operation: "SystemEvents",
      parameter: "giveUpAfterMs",
    });
  }
  return limit;
}

function sourceOf(response: EngineResponse, context: AnswerContext): EventSource {
  const { bigints } = operations.SystemEvents;
  const { status, headers } = response;
  const answeredMs = Date.parse(headers["date"]?.toString() ?? "");
  return {
    events: decodeJsonLines<EventMessage>(response.chunks(), { status, bigints, context }),
    answeredMs: Number.isNaN(answeredMs) ? Date.now() : answeredMs,
  };
}

function resumptionOf(
  engine: Engine,
  options: CallOptions & SystemEventsParameters,
  giveUpAfterMs: number,
): Resumption {
  const until = encodeTimestamp(options.until);
  return {
    since: encodeTimestamp(options.since),
    untilMs: until === undefined ? undefined : Number(until) * 1_000,
    giveUpAfterMs,
    signal: options.signal,
    reconnect: async (since, signal) => {
      const input = inputOf({ ...options, since, signal });
      const outcome = await engine.outcome<SystemEventsOutcome<EventSource>>("SystemEvents", input, sourceOf);
      return unwrapper("SystemEvents")(outcome);
    },
  };
}
