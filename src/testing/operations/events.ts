import type { EventMessage } from "../../generated/models.ts";
import type { EngineRequest, Handlers } from "../http/handler.ts";
import { jsonText } from "../http/json-text.ts";
import { Refusal } from "../http/refusal.ts";
import { isOlder } from "../http/versions.ts";
import { chooser, type FilterTests, hasLabel } from "../state/filters.ts";
import type { World } from "../state/world.ts";
import { momentMs } from "./moment.ts";

const nanosPerMs = 1_000_000n;
const recordSeparator = "\u001e";
const jsonSequence = "application/json-seq";

export const eventHandlers: Handlers = {
  SystemEvents: (request, world) => {
    const contentType = typeFor(request);
    mustBeginFirst(request, world);
    return {
      status: 200,
      value: { contentType, bytes: encoded(follow(request, world), contentType, request.version) },
    };
  },
};

/** @throws Refusal if the events that are wanted end before they begin. */
function mustBeginFirst({ parameters }: EngineRequest, { clock }: World): void {
  const { since, until } = parameters;
  if (since && until && nanosOf(String(since), clock.now()) > nanosOf(String(until), clock.now())) {
    throw new Refusal(400, `\`since\` time (${since}) cannot be after \`until\` time (${until})`);
  }
}

/** Before API 1.52 it is `application/json` whatever is asked for (moby:daemon/server/router/system/system_routes.go:333). */
function typeFor({ version, headers }: EngineRequest): string {
  if (isOlder(version, "1.52")) {
    return "application/json";
  }
  const accepted = String(headers["accept"] ?? "");
  const types = [jsonSequence, "application/x-ndjson", "application/jsonl"];
  return types.find((type) => accepted.includes(type)) ?? "application/jsonl";
}

async function* encoded(
  events: AsyncIterable<EventMessage>,
  contentType: string,
  version: string,
): AsyncGenerator<Uint8Array> {
  for await (const event of events) {
    const text = jsonText(isOlder(version, "1.52") ? withOldFields(event) : event);
    yield Buffer.from(contentType === jsonSequence ? `${recordSeparator}${text}` : text);
  }
}

function withOldFields(event: EventMessage): EventMessage {
  const { Type, Action, Actor } = event;
  if (Type !== "container" && Type !== "image") {
    return event;
  }
  const from = Actor.Attributes?.["image"];
  return { status: Action, id: Actor.ID, ...(from === undefined ? {} : { from }), ...event };
}

/** The events of the past that are wanted, and those to come until the end that was asked for. */
async function* follow({ parameters, signal }: EngineRequest, { events, clock }: World): AsyncGenerator<EventMessage> {
  const choose = chooser(parameters["filters"], tests);
  const bound = (name: string) => {
    const text = String(parameters[name] ?? "");
    return text === "" ? undefined : nanosOf(text, clock.now());
  };
  const [since, until] = [bound("since"), bound("until")];
  const isWanted = (event: EventMessage) =>
    choose(event) && event.timeNano >= (since ?? 0n) && (until === undefined || event.timeNano <= until);
  const queue: EventMessage[] = since === undefined && until === undefined ? [] : events.past.filter(isWanted);
  let wake = () => {};
  const unlisten = events.listen((event) => {
    if (isWanted(event)) {
      queue.push(event);
      wake();
    }
  });
  const ended = new AbortController();
  const over = until === undefined ? signal : AbortSignal.any([signal, ended.signal]);
  const leave = () => wake();
  over.addEventListener("abort", leave);
  if (until !== undefined) {
    void clock.sleep(Number(until / nanosPerMs) - clock.now(), signal).then(() => ended.abort());
  }
  try {
    for (;;) {
      yield* queue.splice(0);
      if (over.aborted && queue.length === 0) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (queue.length > 0 || over.aborted) resolve();
      });
    }
  } finally {
    unlisten();
    over.removeEventListener("abort", leave);
  }
}

/** Seconds with nanoseconds, exactly, so that nobody who resumes sees an event twice. */
function nanosOf(text: string, nowMs: number): bigint {
  const [, seconds, fraction = ""] = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  return seconds === undefined
    ? BigInt(Math.floor(momentMs(text, nowMs))) * nanosPerMs
    : BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"));
}

const named = (type: string) => (event: EventMessage, value: string) =>
  event.Type === type && (event.Actor.ID === value || event.Actor.ID?.startsWith(value) || nameOf(event) === value);

const tests: FilterTests<EventMessage> = {
  type: ({ Type }, value) => Type === value,
  event: ({ Action }, value) => Action === value || Action.startsWith(`${value}:`),
  label: ({ Actor }, value) => hasLabel(Actor.Attributes, value),
  scope: ({ scope }, value) => scope === value,
  image: (event, value) =>
    [event.Actor.Attributes?.["image"], event.Type === "image" ? event.Actor.ID : undefined, nameOf(event)].some(
      (name) => name === value || name === `${value}:latest`,
    ),
  container: (event, value) => named("container")(event, value) ?? false,
  daemon: (event, value) => named("daemon")(event, value) ?? false,
  network: (event, value) => named("network")(event, value) ?? false,
  node: (event, value) => named("node")(event, value) ?? false,
  plugin: (event, value) => named("plugin")(event, value) ?? false,
  secret: (event, value) => named("secret")(event, value) ?? false,
  service: (event, value) => named("service")(event, value) ?? false,
  config: (event, value) => named("config")(event, value) ?? false,
  volume: (event, value) => named("volume")(event, value) ?? false,
};

function nameOf({ Actor }: EventMessage): string | undefined {
  return Actor.Attributes?.["name"];
}
