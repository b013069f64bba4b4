import type { Duplex } from "node:stream";
import { encodeFrame } from "../http/frames.ts";
import type { EngineRequest, Handlers, Takeover } from "../http/handler.ts";
import { writeTo } from "../http/outlet.ts";
import { Refusal } from "../http/refusal.ts";
import type { Container } from "../state/container.ts";
import type { World } from "../state/world.ts";
import { readDetachKeys, untilDetached } from "./detach-keys.ts";
import { streamType } from "./logs.ts";
import { readLog } from "./read-log.ts";

/** What a client wants of the streams of a container. */
export interface AttachQuery {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly logs: boolean;
  readonly stream: boolean;
  readonly detachKeys: readonly number[];
}

/** Where a client's streams come from and go to; an upgraded connection, or a WebSocket. */
export interface Wire {
  readonly input: AsyncIterable<Uint8Array>;
  output(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void>;
}

export const attachHandlers: Handlers = {
  ContainerAttach: (request, world) => {
    const query = readAttachQuery(request);
    const container = attachable(request, world);
    world.lifecycle.tell(container, "attach");
    const raw = container.facts.config.Tty ?? false;
    const type = streamType(raw, request.version);
    const takeover: Takeover = {
      headers: { "Content-Type": type, Connection: "Upgrade", Upgrade: "tcp" },
      serve: (connection, signal) => serveAttached(container, query, wireOf(connection, raw), signal, world),
    };
    return { status: 101, value: takeover };
  },
};

/** @throws Refusal if nothing can be attached to the container now. */
export function attachable({ path }: EngineRequest, world: World): Container {
  const container = world.containers.find(path["id"] ?? "");
  if (container.status === "paused") {
    throw new Refusal(409, `container ${container.facts.Id} is paused, unpause the container before attach`);
  }
  if (container.status === "restarting") {
    throw new Refusal(409, `container ${container.facts.Id} is restarting, wait until the container is running`);
  }
  return container;
}

export function readAttachQuery({ parameters }: EngineRequest): AttachQuery {
  const flag = (name: string) => parameters[name] === true;
  return {
    stdin: flag("stdin"),
    stdout: flag("stdout"),
    stderr: flag("stderr"),
    logs: flag("logs"),
    stream: flag("stream"),
    detachKeys: readDetachKeys(String(parameters["detachKeys"] ?? "")),
  };
}

/** A connection on which outputs are told apart by frames, or not at all. */
export function wireOf(connection: Duplex, raw: boolean): Wire {
  return {
    // The end of what comes in must not end what goes out.
    input: connection.iterator({ destroyOnReturn: false }),
    output: (stream, bytes) => writeTo(connection, raw ? bytes : encodeFrame(stream, bytes)),
  };
}

/** Serves an attached client until it is gone, has left by its keys, or the container has ended or cannot be started. */
export async function serveAttached(
  container: Container,
  query: AttachQuery,
  wire: Wire,
  signal: AbortSignal,
  world: World,
): Promise<void> {
  const left = new AbortController();
  const over = AbortSignal.any([signal, left.signal]);
  const unlisten = query.stream ? listen(container, query, wire, () => left.abort()) : () => {};
  try {
    if (query.logs) {
      await replay(container, query, wire, over);
    }
    if (query.stream) {
      const input = query.stdin ? feed(container, query, wire, over, () => left.abort()) : Promise.resolve();
      await world.lifecycle.wait(container, container.isRunning ? "not-running" : "next-exit", over);
      void input;
    }
  } finally {
    unlisten();
    left.abort();
  }
}

function listen({ attachments }: Container, query: AttachQuery, wire: Wire, reset: () => void): () => void {
  return attachments.listen((stream, bytes) => (query[stream] ? wire.output(stream, bytes) : undefined), reset);
}

async function replay(container: Container, query: AttachQuery, wire: Wire, signal: AbortSignal): Promise<void> {
  const log = readLog(container, {
    ...{ stdout: query.stdout, stderr: query.stderr, follow: false, timestamps: false, details: undefined },
    ...{ sinceMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY, tail: undefined, signal },
  });
  for await (const { stream, bytes } of log) {
    await wire.output(stream, bytes);
  }
}

/**
 * Passes what is typed or piped in. When that ends, the container's input is ended only if it is to be read once; else the
 * client's outputs are (moby:daemon/internal/stream/attach.go:69-81).
 */
async function feed(
  { attachments, facts }: Container,
  { detachKeys }: AttachQuery,
  { input }: Wire,
  signal: AbortSignal,
  leave: () => void,
): Promise<void> {
  const { StdinOnce, Tty } = facts.config;
  try {
    for await (const bytes of Tty ? untilDetached(input, detachKeys, leave) : input) {
      await attachments.write(bytes, signal);
    }
  } catch {
    // The connection is broken: it has nothing more to say.
  }
  if (StdinOnce && !Tty) {
    await attachments.end(signal);
  } else {
    leave();
  }
}
