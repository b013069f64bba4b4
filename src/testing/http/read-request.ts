import type { IncomingMessage } from "node:http";
import type { EngineRequest } from "./handler.ts";
import { readParameters } from "./parameters.ts";
import { Refusal } from "./refusal.ts";
import { findRoute } from "./routes.ts";
import { isOlder, readVersion, type VersionRange } from "./versions.ts";

/**
 * Reads a request's line and headers; its body is left for the handler.
 *
 * @throws Refusal as dockerd refuses: 404 for an unknown path, 400 for a version or a parameter that is none.
 */
export function readRequest(
  { method = "", url = "", headers }: Pick<IncomingMessage, "method" | "url" | "headers">,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  versions: VersionRange,
): EngineRequest {
  const { pathname, searchParams } = new URL(url, "http://engine");
  const { path, version } = readVersion(pathname, versions);
  const route = findRoute(method, path);
  // An unknown path or a wrong method (moby:daemon/server/server.go:139-148).
  if (route === undefined) {
    throw new Refusal(404, "page not found");
  }
  const { operation } = route;
  if (isOlder(version, operation.since)) {
    throw new Refusal(
      400,
      `${method} ${operation.path} requires minimum API version ${operation.since}, but the Docker daemon API version is ${version}`,
    );
  }
  return {
    operation: operation.id,
    version,
    path: route.path,
    parameters: readParameters(operation, searchParams, headers),
    headers,
    json: () => readJson(body, headers["content-type"]),
    body,
    signal,
  };
}

/** Bodies must say that they are JSON (moby:daemon/server/httputils/httputils.go:48-90). */
async function readJson(body: AsyncIterable<Uint8Array>, contentType = ""): Promise<Record<string, unknown>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  if (text === "") {
    return {};
  }
  if (!/^application\/json\b/i.test(contentType)) {
    throw new Refusal(400, `unsupported media type: ${contentType}: must be 'application/json'`);
  }
  return parse(text);
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, `invalid JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    // `null` is an empty object to Go; anything else is not one.
    if (value !== null) throw new Refusal(400, "invalid JSON: not an object");
    return {};
  }
  return { ...value };
}
