import { Call, StreamCall } from "../call.ts";
import { DecodedStream } from "../codecs/decoded-stream.ts";
import { jsonParser, parseJson } from "../codecs/json.ts";
import { JsonLinesDecoder } from "../codecs/json-lines.ts";
import { isUpgraded, readBody } from "../engine/answer.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import { EngineStreamError } from "../errors/engine-stream-error.ts";
import type { ErrorContext } from "../errors/fairlead-error.ts";
import type { ContainerStatsResponse } from "../generated/models.ts";
import type { Operation } from "../generated/operation.ts";
import { operations } from "../generated/operations.ts";
import type { ContainerStatsOutcome } from "../generated/outcomes.ts";
import type { ContainerStatsParameters } from "../generated/parameters.ts";
import { EngineStream } from "./engine-stream.ts";
import { split } from "./options.ts";

/** Options of `containers.stats`. */
export type StatsOptions = CallOptions & Pick<ContainerStatsParameters, "one-shot">;

/** A running `containers.stats`: await it for one sample. */
export type StatsCall = Call<ContainerStatsResponse, ContainerStatsOutcome<ContainerStatsResponse>>;

/** A running `containers.statsStream`: iterate it for the samples. */
export type StatsStreamCall = StreamCall<ContainerStatsResponse, EngineStream<ContainerStatsResponse>, StreamOutcome>;

type StreamOutcome = ContainerStatsOutcome<EngineStream<ContainerStatsResponse>>;

const { bigints }: Operation = operations.ContainerStats;

/** Starts `containers.stats`. */
export function takeStats(engine: Engine, id: string, options: StatsOptions): StatsCall {
  const { parameters, ...input } = split(options);
  const outcome = engine.outcome<ContainerStatsOutcome<ContainerStatsResponse>>(
    "ContainerStats",
    { ...input, path: { id }, parameters: { ...parameters, stream: false } },
    async (response, context) => {
      const { status } = response;
      // An upgrade was not asked for, so there is none.
      const bytes = isUpgraded(response) ? new Uint8Array() : await readBody(response, context);
      return sampleOf(parseJson(bytes, { status, bigints, context }), context);
    },
  );
  return new Call(outcome, unwrapper("ContainerStats"));
}

/** Starts `containers.statsStream`. */
export function followStats(engine: Engine, id: string, options: CallOptions): StatsStreamCall {
  const { parameters, ...input } = split(options);
  const outcome = engine.outcome<StreamOutcome>(
    "ContainerStats",
    { ...input, path: { id }, parameters: { ...parameters, stream: true } },
    (response, context) => {
      const parse = jsonParser(bigints);
      const decoder = new JsonLinesDecoder((text) => sampleOf(parse(text), context), {
        status: response.status,
        context,
      });
      return new EngineStream(new DecodedStream(response.chunks(), decoder));
    },
  );
  return new StreamCall(outcome, unwrapper("ContainerStats"));
}

/**
 * Podman answers 200 for a container that does not run, and says in the body that it failed (observed on Podman 5.4.2
 * and 6.1.1); its errors have `cause`, `message` and `response` (podman:pkg/api/handlers/utils/errors.go:25-34).
 */
function sampleOf(value: unknown, context: ErrorContext): ContainerStatsResponse {
  if (typeof value === "object" && value !== null && "response" in value && "message" in value) {
    const code = typeof value.response === "number" ? value.response : undefined;
    throw new EngineStreamError(String(value.message), { ...context, code });
  }
  // What the engine sends is what the specification says, unless the engine is wrong.
  return value as ContainerStatsResponse;
}
