import { encodeFrame } from "../http/frames.ts";
import type { ByteReply, EngineRequest } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import { isOlder } from "../http/versions.ts";
import type { Container } from "../state/container.ts";
import { momentMs } from "./moment.ts";
import { type LogQuery, readLog } from "./read-log.ts";

/** The logs of a container as an answer. */
export function logsReply(container: Container, request: EngineRequest, nowMs: number): ByteReply {
  const query = logQuery(container, request, nowMs);
  const raw = container.facts.config.Tty ?? false;
  return { contentType: streamType(raw, request.version), bytes: encoded(container, query, raw) };
}

/** The content type of a stream; before API 1.42 it is the same for both kinds (moby:daemon/server/router/container/container_routes.go:1136). */
export function streamType(raw: boolean, version: string): string {
  const kind = raw || isOlder(version, "1.42") ? "raw" : "multiplexed";
  return `application/vnd.docker.${kind}-stream`;
}

/** @throws Refusal if no stream is wanted. dockerd asks that first, whether or not there is anything to read. */
export function mustWantStream({ parameters }: EngineRequest): void {
  if (parameters["stdout"] !== true && parameters["stderr"] !== true) {
    throw new Refusal(400, "Bad parameters: you must choose at least one stream");
  }
}

/** @throws Refusal if a moment is none. */
export function logQuery(container: Container, { parameters, signal }: EngineRequest, nowMs: number): LogQuery {
  const flag = (name: string) => parameters[name] === true;
  const moment = (name: string, otherwise: number) => {
    const text = String(parameters[name] ?? "");
    return text === "" || text === "0" ? otherwise : momentMs(text, nowMs);
  };
  const labels = Object.entries(container.facts.config.Labels ?? {});
  return {
    stdout: flag("stdout"),
    stderr: flag("stderr"),
    follow: flag("follow"),
    timestamps: flag("timestamps"),
    sinceMs: moment("since", Number.NEGATIVE_INFINITY),
    untilMs: moment("until", Number.POSITIVE_INFINITY),
    tail: tailOf(String(parameters["tail"] ?? "all")),
    details: flag("details")
      ? labels.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join(",")
      : undefined,
    signal,
  };
}

/** All but a number that is not negative means all (moby:daemon/logs.go:97). */
function tailOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

async function* encoded(container: Container, query: LogQuery, raw: boolean): AsyncGenerator<Uint8Array> {
  for await (const { stream, bytes } of readLog(container, query)) {
    yield raw ? bytes : encodeFrame(stream, bytes);
  }
}
