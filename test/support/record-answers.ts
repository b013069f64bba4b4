// Records every answer that the client gets: `FAIRLEAD_COVERAGE=folder node --import tsx --import ./test/support/record-answers.ts …`.
// It looks at node:http from outside, so that the client needs no code for it and every way to an engine is seen.
import { subscribe } from "node:diagnostics_channel";
import { mkdirSync, writeFileSync } from "node:fs";
import type { ClientRequest, IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { join } from "node:path";
import { embeddedEngine, noEngine, type Observation } from "../../scripts/coverage/observations.ts";
import { EngineAgent } from "../../src/transport/engine-agent.ts";
import { shapeOf } from "./json-shape.ts";
import { operationAt } from "./operation-at.ts";

/** Answers that are longer are not kept. */
const longestBodyBytes = 1024 * 1024;
/** How many shapes of one answer are kept. */
const mostBodies = 200;

interface Sighting {
  readonly operation: string;
  readonly status: number;
  readonly server: string | undefined;
  readonly address: string;
  readonly pieces: Buffer[];
}

const sightings: Sighting[] = [];
const addresses = new WeakMap<Socket, string>();

// What is kept here would count as what the client keeps where memory is measured.
const measuresMemory = process.argv[1]?.includes("test/load/") === true;
const folder = measuresMemory ? undefined : process.env["FAIRLEAD_COVERAGE"];
if (folder !== undefined) {
  noteAddresses();
  subscribe("http.client.request.start", (message) => {
    const { request } = message as { readonly request: ClientRequest }; // what Node documents for this channel
    // Node documents the property; its types lack it.
    if (Reflect.get(request, "agent") instanceof EngineAgent) {
      watch(request);
    }
  });
  process.on("exit", () => write(folder));
}

/** Remembers where each socket leads: the few answers in which engines do not say who they are are known by it. */
function noteAddresses(): void {
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    const first = Array.isArray(args[0]) ? args[0][0] : args[0];
    addresses.set(this, typeof first === "object" ? (first.path ?? `${first.host}:${first.port}`) : String(first));
    return Reflect.apply(connect, this, args);
  };
}

function watch(request: ClientRequest): void {
  const { emit } = request;
  request.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event === "response" || event === "upgrade") {
      note(request, args[0] as IncomingMessage); // Node documents it for both events
    }
    return Reflect.apply(emit, request, [event, ...args]);
  };
}

function note(request: ClientRequest, answer: IncomingMessage): void {
  const operation = operationAt(request.method, request.path);
  if (operation === undefined) {
    return;
  }
  const pieces: Buffer[] = [];
  const server = answer.headers["server"]?.toString();
  const address = (answer.socket && addresses.get(answer.socket)) ?? "";
  sightings.push({ operation: operation.id, status: answer.statusCode ?? 0, server, address, pieces });
  if (operation.answer.startsWith("json") && answer.statusCode !== 101) {
    keep(answer, pieces);
  }
}

function keep(answer: IncomingMessage, pieces: Buffer[]): void {
  let bytes = 0;
  const { push } = answer;
  answer.push = (chunk: unknown, ...rest): boolean => {
    if (chunk instanceof Uint8Array && bytes < longestBodyBytes) {
      bytes += chunk.byteLength;
      pieces.push(Buffer.from(chunk));
    }
    return Reflect.apply(push, answer, [chunk, ...rest]);
  };
}

function write(to: string): void {
  const known = new Map(sightings.flatMap(({ address, server }) => (server ? [[address, engineOf(server)]] : [])));
  const found = new Map<string, { observation: Omit<Observation, "bodies">; shapes: Map<string, string> }>();
  for (const { operation, status, server, address, pieces } of sightings) {
    const engine = (server ? engineOf(server) : known.get(address)) ?? noEngine;
    const key = `${engine} ${operation} ${status}`;
    const { observation, shapes } = found.get(key) ?? {
      observation: { engine, operation, status, count: 0 },
      shapes: new Map<string, string>(),
    };
    for (const text of engine === noEngine ? [] : jsonTexts(Buffer.concat(pieces).toString())) {
      const shape = shapeOf(JSON.parse(text));
      if (shapes.size < mostBodies) shapes.set(shape, shapes.get(shape) ?? text);
    }
    found.set(key, { observation: { ...observation, count: observation.count + 1 }, shapes });
  }
  const lines = [...found.values()].map(({ observation, shapes }) =>
    JSON.stringify({ ...observation, bodies: [...shapes.values()] } satisfies Observation),
  );
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, `${process.pid}-${Date.now()}.jsonl`), lines.map((line) => `${line}\n`).join(""));
}

/** Elsewhere the embedded engine answers what it is told to. */
const isContract = process.argv[1]?.includes("test/contract/") === true;

/** `Docker/28.5.2+dfsg4 (linux)` as `Docker 28.5.2`; the embedded engine is `Docker/29.0.0-fairlead (linux)`. */
function engineOf(server: string): string | undefined {
  if (server.includes("-fairlead ")) return isContract ? embeddedEngine : undefined;
  const [, name, version] = /^(Docker|Libpod)\/(\d+\.\d+\.\d+)/.exec(server) ?? [];
  return name && `${name === "Libpod" ? "Podman" : name} ${version}`;
}

/** The JSON in a body: the whole, or what stands in its complete lines. */
function jsonTexts(body: string): readonly string[] {
  return isJson(body) ? [body] : body.split("\n").filter(isJson);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
