import type { RequestOptions } from "node:http";
import type { Connections } from "./connections.ts";
import type { RequestBody, TransportRequest } from "./transport.ts";

/** How `node:http` is to send the request. The path is sent exactly as it is given. */
export function requestOptions(
  request: TransportRequest,
  connections: Connections,
  upgrade: boolean,
): RequestOptions & { servername: string } {
  const { dialer, pooled, single } = connections;
  return {
    // A connection that died while idle costs a streamed body, which cannot be sent again: it gets a fresh one.
    agent: upgrade || isStreamed(request.body) ? single : pooled,
    method: request.method,
    path: dialer.pathPrefix + request.path + request.query,
    headers: {
      Host: dialer.host,
      // Podman compares the value of Connection as a whole (podman:libpod/util.go:171).
      ...(upgrade && { Connection: "Upgrade", Upgrade: "tcp" }),
      ...request.headers,
      ...bodyHeaders(request.body),
    },
    setHost: false,
    // Spares the agent working out a name for TLS, which has the dialer's name where it is used at all.
    servername: "",
  };
}

/** Whether the body comes piece by piece, so that it can be sent only once. */
export function isStreamed(body: RequestBody | undefined): body is AsyncIterable<Uint8Array> {
  return body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array);
}

function bodyHeaders(body: RequestBody | undefined): Record<string, string> | undefined {
  if (body === undefined) {
    return undefined;
  }
  if (isStreamed(body)) {
    return { "Transfer-Encoding": "chunked" };
  }
  return { "Content-Length": String(Buffer.byteLength(body)) };
}
