import { Call } from "../call.ts";
import { decodePathStat, type PathStat } from "../codecs/path-stat.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import type { CallInput } from "../engine/request.ts";
import type { Answer, Failure } from "../generated/outcome.ts";
import type { ContainerArchiveInfoOutcome } from "../generated/outcomes.ts";
import { getArchive } from "./tar-streams.ts";

/** The documented answers of `containers.statPath`. */
export type StatPathOutcome =
  | Answer<"Succeeded", 200, PathStat>
  | Exclude<ContainerArchiveInfoOutcome, { readonly kind: "Succeeded" }>;

/** Starts `containers.statPath`. */
export function statPath(engine: Engine, input: CallInput): Call<PathStat, StatPathOutcome> {
  return new Call<PathStat, StatPathOutcome>(ask(engine, input), unwrapper("ContainerArchiveInfo"));
}

async function ask(engine: Engine, input: CallInput): Promise<StatPathOutcome> {
  const outcome = await engine.outcome<ContainerArchiveInfoOutcome>("ContainerArchiveInfo", input);
  if (!("error" in outcome)) {
    const { kind, status, value } = outcome;
    const context = { operation: "ContainerArchiveInfo", method: "HEAD" };
    return { kind, status, value: decodePathStat(value["X-Docker-Container-Path-Stat"], { status, context }) };
  }
  return outcome.error.message === "" ? { ...outcome, error: await explain(engine, input, outcome) } : outcome;
}

/** The answer to HEAD has no body and so no message: the same question as GET has one. */
async function explain(
  engine: Engine,
  input: CallInput,
  { status, error }: Failure<string, number>,
): Promise<{ readonly message: string }> {
  const answer = await getArchive(engine, input).outcome();
  if ("error" in answer) {
    return answer.status === status ? answer.error : error;
  }
  // The path has come into being meanwhile.
  await answer.value.close();
  return error;
}
