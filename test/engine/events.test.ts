import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  type EventMessage,
  InvalidRequestError,
  JsonError,
  StatusError,
  UnexpectedStatusError,
} from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { answer, exchange, type Reply, stream } from "./support.ts";

const date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
const began = 784111777;

/** An event as a line of JSON; its time is given in nanoseconds after the stream began. */
function event(after: bigint, id: string, rest: object = {}): string {
  const time = BigInt(began) * 1_000_000_000n + after;
  const text = JSON.stringify({ Type: "container", Action: "start", scope: "local", Actor: { ID: id }, ...rest });
  return `${text.slice(0, -1)},"time":${time / 1_000_000_000n},"timeNano":${time}}\n`;
}

/** An answer that breaks off after these lines. */
function lost(...lines: string[]): Reply {
  const text = lines.join("");
  const head = `HTTP/1.1 200 OK\r\n${date}Content-Type: application/jsonl\r\nContent-Length: ${text.length + 1}\r\n\r\n`;
  return { bytes: head + text, close: true };
}

/** Gives one reply after the other, and the last one again and again. */
function inTurn(...replies: readonly Reply[]): () => Reply {
  let turn = -1;
  return () => {
    turn = Math.min(turn + 1, replies.length - 1);
    return replies[turn] ?? "";
  };
}

async function ids(events: AsyncIterable<EventMessage>, last: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { Actor } of events) {
    found.push(Actor.ID ?? "");
    if (Actor.ID === last) {
      break;
    }
  }
  return found;
}

function sinceOf(line: string | undefined): string | null {
  return new URLSearchParams(line?.split("?")[1]).get("since");
}

describe("events", () => {
  leakCheck();

  exchange(
    "are asked for by their types, and read with record separators and without",
    () => stream(`\u001e${event(1n, "a")}\n${event(2n, "b").trimEnd()}`, "Content-Type: application/json-seq\r\n"),
    async ({ docker, seen }) => {
      const found: unknown[] = [];
      for await (const { Actor, timeNano } of docker.system.events()) {
        found.push([Actor.ID, timeNano]);
      }
      assert.deepEqual(found, [
        ["a", 784111777000000001n],
        ["b", 784111777000000002n],
      ]);
      assert.match(seen[0]?.head ?? "", /\r\nAccept: application\/jsonl, application\/x-ndjson\r\n/);
    },
  );
});

describe("resumed events", () => {
  leakCheck();

  exchange(
    "go on from a second before the newest, with the same filters, and tell those of the same nanosecond once",
    inTurn(
      lost(event(5_000_000_000n, "a"), event(5_000_000_000n, "b"), event(4_999_999_999n, "late")),
      lost(
        event(5_000_000_000n, "b"),
        event(5_000_000_000n, "c"),
        event(5_000_000_000n, "a"),
        event(5_000_000_000n, "c"),
      ),
      lost(event(5_000_000_001n, "d")),
    ),
    async ({ docker, seen }) => {
      const events = docker.system.events({ filters: { type: ["container"] }, resume: true });
      assert.deepEqual(await ids(events, "d"), ["a", "b", "late", "c", "d"]);
      assert.deepEqual(
        seen.map(({ line }) => sinceOf(line)),
        [null, `${began + 4}.000000000`, `${began + 4}.000000000`],
      );
      for (const { line } of seen) {
        assert.ok(line.includes(`filters=${encodeURIComponent('{"type":["container"]}')}`), line);
      }
    },
  );

  exchange(
    "that differ in what they say of their actor are different ones",
    inTurn(
      lost(event(5_000_000_000n, "a", { Actor: { ID: "a", Attributes: { execID: "1" } } })),
      lost(event(5_000_000_000n, "a", { Actor: { ID: "a", Attributes: { execID: "2" } } }), event(6_000_000_000n, "b")),
    ),
    async ({ docker }) => {
      assert.deepEqual(await ids(docker.system.events({ resume: true }), "b"), ["a", "a", "b"]);
    },
  );

  exchange(
    "never ask for what is before their beginning, nor tell it",
    inTurn(
      lost(),
      lost(event(-1n, "before"), event(0n, "first")),
      lost(event(-1n, "before"), event(0n, "first"), event(10n, "last")),
    ),
    async ({ docker, seen }) => {
      assert.deepEqual(await ids(docker.system.events({ resume: true }), "last"), ["first", "last"]);
      assert.deepEqual(
        seen.map(({ line }) => sinceOf(line)),
        [null, `${began}.000000000`, `${began}.000000000`],
      );
    },
  );

  exchange(
    "go on from where the caller began if nothing was told",
    inTurn(lost(), lost(event(1n, "a"))),
    async ({ docker, seen }) => {
      assert.deepEqual(await ids(docker.system.events({ resume: true, since: "700000000.000000001" }), "a"), ["a"]);
      assert.equal(sinceOf(seen[1]?.line), "700000000.000000001");
    },
  );

  exchange(
    "of a swarm do not move the moment, for their times are those of another machine",
    inTurn(
      lost(event(2_000_000_000n, "a"), event(90_000_000_000n, "task", { scope: "swarm" })),
      lost(event(-9n, "older", { scope: "swarm" }), event(3_000_000_000n, "b")),
    ),
    async ({ docker, seen }) => {
      assert.deepEqual(await ids(docker.system.events({ resume: true }), "b"), ["a", "task", "older", "b"]);
      assert.equal(sinceOf(seen[1]?.line), `${began + 1}.000000000`);
    },
  );

  exchange(
    "go on when the engine ends them, and while it cannot answer yet",
    inTurn(
      stream(event(1n, "a"), date),
      answer(503, { message: "starting" }),
      answer(500, { message: "starting" }),
      lost(event(1n, "a"), event(2n, "b")),
    ),
    async ({ docker, seen }) => {
      assert.deepEqual(await ids(docker.system.events({ resume: true }), "b"), ["a", "b"]);
      assert.equal(seen.length, 4);
    },
  );

  exchange(
    "fail when the engine refuses to go on",
    inTurn(lost(event(1n, "a")), answer(400, { message: "no" })),
    async ({ docker }) => {
      await assert.rejects(ids(docker.system.events({ resume: true }), "b"), StatusError);
    },
  );

  exchange(
    "fail when something else answers",
    inTurn(lost(event(1n, "a")), answer(404, "nothing here")),
    async ({ docker }) => {
      await assert.rejects(ids(docker.system.events({ resume: true }), "b"), UnexpectedStatusError);
    },
  );

  exchange(
    "fail when they are malformed, for that would come again",
    inTurn(lost("{nonsense}\n")),
    async ({ docker, seen }) => {
      await assert.rejects(ids(docker.system.events({ resume: true }), "b"), JsonError);
      assert.equal(seen.length, 1);
    },
  );

  exchange(
    "do not hide that the first answer is a failure",
    () => answer(400, { message: "bad filter" }),
    async ({ docker, seen }) => {
      const { kind } = await docker.system.events({ resume: true }).outcome();
      assert.equal(kind, "BadParameter");
      assert.equal(seen.length, 1);
    },
  );

  exchange(
    "end where the engine ends them when the last moment is over by its clock",
    inTurn(stream(event(1n, "a"), date)),
    async ({ docker, seen }) => {
      const found: EventMessage[] = [];
      for await (const one of docker.system.events({ resume: true, until: began })) {
        found.push(one);
      }
      assert.deepEqual([found.length, seen.length], [1, 1]);
    },
  );

  exchange(
    "are refused a limit that is none",
    () => "",
    async ({ docker, seen }) => {
      await assert.rejects(docker.system.events({ resume: { giveUpAfterMs: Number.NaN } }), InvalidRequestError);
      assert.equal(seen.length, 0);
    },
  );
});
