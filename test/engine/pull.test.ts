import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  AbortError,
  EngineStreamError,
  InvalidRequestError,
  JsonError,
  type ProgressEvent,
  ResponseError,
  StatusError,
} from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { answer, exchange, stream } from "./support.ts";

const progress = [
  { status: "Pulling from library/alpine", id: "3" },
  { status: "Downloading", progressDetail: { current: 1, total: 2 }, id: "abc" },
  { status: "Digest: sha256:1234" },
  { status: "Status: Downloaded newer image for alpine:3" },
];
const lines = progress.map((event) => `${JSON.stringify(event)}\r\n`).join("");
const errorLine = `${JSON.stringify({ errorDetail: { code: 7, message: "disk full" }, error: "disk full" })}\r\n`;
const result = { image: "alpine:3", asked: true, digest: "sha256:1234", status: "Downloaded newer image for alpine:3" };
const pulled = stream(lines);

async function collect(events: AsyncIterable<ProgressEvent>): Promise<{ seen: ProgressEvent[]; error: unknown }> {
  const seen: ProgressEvent[] = [];
  try {
    for await (const event of events) {
      seen.push(event);
    }
  } catch (error) {
    return { seen, error };
  }
  return { seen, error: undefined };
}

describe("a pull that succeeds", () => {
  leakCheck();

  exchange(
    "gives its result to whoever awaits it",
    () => pulled,
    async ({ docker }) => assert.deepEqual(await docker.images.pull("alpine:3"), result),
  );

  exchange(
    "gives its result as an outcome",
    () => pulled,
    async ({ docker }) => {
      const outcome = await docker.images.pull("alpine:3").outcome();
      assert.deepEqual(outcome, { kind: "Succeeded", status: 200, value: result });
    },
  );

  exchange(
    "gives its events, and then its result and outcome, from one request",
    () => pulled,
    async ({ docker, seen }) => {
      const call = docker.images.pull("alpine:3");
      assert.deepEqual(await collect(call), { seen: progress, error: undefined });
      assert.deepEqual(await call, result);
      assert.equal((await call.outcome()).kind, "Succeeded");
      assert.equal(seen.length, 1);
    },
  );

  exchange(
    "can be iterated once only, and from its own tick only",
    () => pulled,
    async ({ docker }) => {
      const call = docker.images.pull("alpine:3");
      const events = call[Symbol.asyncIterator]();
      assert.throws(() => call[Symbol.asyncIterator](), InvalidRequestError);
      await collect(events);
      const late = docker.images.pull("alpine:3");
      await late;
      assert.throws(() => late[Symbol.asyncIterator](), InvalidRequestError);
    },
  );
});

describe("a pull that fails", () => {
  leakCheck();

  const broken: readonly (readonly [
    title: string,
    reply: Parameters<typeof exchange>[1],
    check: (e: unknown) => boolean,
  ])[] = [
    [
      "in its stream",
      () => stream(lines + errorLine),
      (error) => error instanceof EngineStreamError && error.engineMessage === "disk full" && error.code === 7,
    ],
    [
      "with the old key alone",
      () => stream(`${lines}{"error":"disk full"}\n`),
      (error) => error instanceof EngineStreamError && error.engineMessage === "disk full",
    ],
    [
      "by breaking off",
      () => ({ bytes: `HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n${lines}`, close: true }),
      (error) => error instanceof ResponseError,
    ],
    ["with a line that is no JSON", () => stream(`${lines}<html>`), (error) => error instanceof JsonError],
  ];

  for (const [title, reply, check] of broken) {
    exchange(`${title} throws in every view, after the events before`, reply, async ({ docker }) => {
      await assert.rejects(docker.images.pull("alpine:3"), check);
      await assert.rejects(docker.images.pull("alpine:3").outcome(), check);
      const call = docker.images.pull("alpine:3");
      const { seen, error } = await collect(call);
      assert.deepEqual(seen, progress);
      assert.ok(check(error), String(error));
      await assert.rejects(call, check);
      await assert.rejects(call.outcome(), check);
    });
  }

  exchange(
    "before its stream is an outcome, and thrown by the other views",
    () => answer(404, { message: "manifest unknown" }),
    async ({ docker }) => {
      const outcome = await docker.images.pull("alpine:3").outcome();
      assert.deepEqual(outcome, { kind: "NoSuchRepository", status: 404, error: { message: "manifest unknown" } });
      await assert.rejects(docker.images.pull("alpine:3"), StatusError);
      const call = docker.images.pull("alpine:3");
      const { seen, error } = await collect(call);
      assert.deepEqual(seen, []);
      assert.ok(error instanceof StatusError && error.kind === "NoSuchRepository");
      assert.deepEqual(await call.outcome(), outcome);
    },
  );
});

describe("a pull that is left", () => {
  leakCheck();
  const endless = `HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n${lines}`;

  exchange(
    "closes its connection and is an AbortError for whoever awaits it",
    () => endless,
    async ({ docker, server }) => {
      const call = docker.images.pull("alpine:3");
      for await (const { status } of call) {
        assert.equal(status, progress[0]?.status);
        break;
      }
      await assert.rejects(call, AbortError);
      await assert.rejects(call.outcome(), AbortError);
      await server.clientLeft(1);
    },
  );

  exchange(
    "by an error thrown in the loop passes that error on",
    () => endless,
    async ({ docker }) => {
      const call = docker.images.pull("alpine:3");
      const loop = async () => {
        for await (const event of call) {
          throw new TypeError(`mine: ${event.status}`);
        }
      };
      await assert.rejects(loop(), TypeError);
      await assert.rejects(call, AbortError);
    },
  );

  exchange(
    "before its first event closes its connection",
    () => endless,
    async ({ docker, server }) => {
      const call = docker.images.pull("alpine:3");
      const events = call[Symbol.asyncIterator]();
      await events.return?.();
      await assert.rejects(call, AbortError);
      await server.clientLeft(1);
    },
  );

  exchange(
    "by its signal is an AbortError with the signal's reason",
    () => endless,
    async ({ docker, server }) => {
      const controller = new AbortController();
      const call = docker.images.pull("alpine:3", { signal: controller.signal });
      const { error } = await collect(
        (async function* () {
          for await (const event of call) {
            controller.abort("enough");
            yield event;
          }
        })(),
      );
      assert.ok(error instanceof AbortError && error.cause === "enough");
      await assert.rejects(call, AbortError);
      await server.clientLeft(1);
    },
  );
});
