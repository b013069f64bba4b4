import assert from "node:assert/strict";
import { test } from "node:test";
import type { FairleadError } from "../../src/errors/fairlead-error.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import type { Transport, TransportRequest, TransportResponse } from "../../src/transport/transport.ts";
import { type ListenKind, RawServer, type Script } from "../support/raw-server.ts";

/** A server, and a transport to it. */
export interface Pair {
  readonly server: RawServer;
  readonly transport: Transport;
}

/** Runs the test over a Unix socket and over TCP. */
export function overBoth(name: string, run: (kind: ListenKind) => Promise<void>): void {
  for (const kind of ["unix", "tcp"] as const) {
    test(`${name} (${kind})`, { timeout: 600_000 }, () => run(kind));
  }
}

/** Runs `body` with a server that follows `script`; afterwards nothing may be left open. */
export async function withServer(kind: ListenKind, script: Script, body: (pair: Pair) => Promise<void>): Promise<void> {
  const server = await RawServer.listen(kind, script);
  const transport = createHttpTransport(server.dialer);
  try {
    await body({ server, transport });
  } finally {
    await transport.close();
    await server.close();
  }
}

/** A GET without limits, which may be repeated. */
export function get(extra: Partial<TransportRequest> = {}): TransportRequest {
  return {
    operation: "SystemInfo",
    method: "GET",
    path: "/v1.51/info",
    query: "",
    headers: {},
    timeouts: {},
    repeatable: true,
    ...extra,
  };
}

/** A POST without limits, which may not be repeated. */
export function post(extra: Partial<TransportRequest> = {}): TransportRequest {
  return get({
    operation: "ContainerStart",
    method: "POST",
    path: "/v1.51/containers/c/start",
    repeatable: false,
    ...extra,
  });
}

/** Sends the request and reads the whole answer as text. */
export async function text(transport: Transport, request: TransportRequest): Promise<string> {
  return read(await transport.request(request));
}

/** Reads the whole answer as text. */
export async function read(response: TransportResponse): Promise<string> {
  return Buffer.from(await response.bytes()).toString("latin1");
}

/** A class of errors, and what its instance must hold. */
export type Expected<E extends FairleadError> = new (...args: never[]) => E;

/** Waits for the failure, checks its class and that it names the operation, and returns it. */
export async function failure<E extends FairleadError>(
  promise: Promise<unknown>,
  expected: Expected<E>,
  operation: string = "SystemInfo",
): Promise<E> {
  const error = await promise.then(
    (value) => assert.fail(`succeeded with ${String(value)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof expected, `${String(error)} is not a ${expected.name}`);
  assert.equal(error.operation, operation);
  return error;
}

/** Collects what an iterable gives until it ends or throws. */
export async function drain(chunks: AsyncIterable<Uint8Array>): Promise<{ text: string; error: unknown }> {
  const pieces: Uint8Array[] = [];
  let error: unknown;
  try {
    for await (const chunk of chunks) {
      pieces.push(chunk);
    }
  } catch (caught) {
    error = caught;
  }
  return { text: Buffer.concat(pieces).toString("latin1"), error };
}

/** An answer with that body and its length. */
export function ok(body: string = "", headers: string = ""): string {
  return `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}
