import { decodeFrames, type Frame, rawFrames } from "../codecs/frames.ts";
import type { AnswerContext, EngineResponse } from "../engine/answer.ts";
import { compareVersions } from "../engine/api-version.ts";

/**
 * Whether an answer is the raw output of a terminal; undefined if it does not say so itself. Below API 1.42 the daemon
 * calls both kinds raw (moby:daemon/server/router/container/container_routes.go:1136-1154), and Podman calls them nothing
 * (podman:pkg/api/handlers/compat/containers_logs.go:107-114).
 */
export function saysRaw({ headers }: EngineResponse, { version }: AnswerContext): boolean | undefined {
  switch (headers["content-type"]) {
    case "application/vnd.docker.multiplexed-stream":
      return false;
    case "application/vnd.docker.raw-stream":
      return version !== undefined && compareVersions(version, "1.42") >= 0 ? true : undefined;
    default:
      return undefined;
  }
}

/** Reads chunks as frames: those of a terminal are raw, all others are multiplexed. */
export function readFrames(
  chunks: AsyncIterable<Uint8Array>,
  isRaw: boolean,
  origin: { readonly status: number; readonly context: AnswerContext },
): AsyncIterableIterator<Frame> {
  return isRaw ? rawFrames(chunks) : decodeFrames(chunks, origin);
}
