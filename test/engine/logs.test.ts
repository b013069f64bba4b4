import assert from "node:assert/strict";
import { describe } from "node:test";
import { EngineStreamError, FrameError, ResponseError, StatusError } from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { answer, exchange, type Reply, type Seen, stream } from "./support.ts";

const raw = "Content-Type: application/vnd.docker.raw-stream\r\n";
const multiplexed = "Content-Type: application/vnd.docker.multiplexed-stream\r\n";

function frame(type: number, text: string): Buffer {
  const header = Buffer.from([type, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

const framed = Buffer.concat([frame(1, "out\n"), frame(2, "err\n")]);

/** Answers the log as given, and an inspection with or without a terminal. */
function log(body: Uint8Array, headers: string, tty: boolean | "gone"): (request: Seen) => Reply {
  return ({ line }) => {
    if (line.includes("/logs")) {
      return stream(body, headers);
    }
    return tty === "gone" ? answer(404, { message: "gone" }) : answer(200, { Config: { Tty: tty } });
  };
}

interface Row {
  readonly title: string;
  readonly headers: string;
  readonly apiVersion: string;
  /** What an inspection would say. */
  readonly terminal: boolean;
  /** The option, if given. */
  readonly tty?: boolean;
  readonly inspections: number;
  readonly isRaw: boolean;
}

const rows: readonly Row[] = [
  { title: "multiplexed", headers: multiplexed, apiVersion: "1.51", terminal: true, inspections: 0, isRaw: false },
  { title: "raw since 1.42", headers: raw, apiVersion: "1.42", terminal: false, inspections: 0, isRaw: true },
  {
    title: "raw before 1.42, of a terminal",
    headers: raw,
    apiVersion: "1.41",
    terminal: true,
    inspections: 1,
    isRaw: true,
  },
  {
    title: "raw before 1.42, of no terminal",
    headers: raw,
    apiVersion: "1.41",
    terminal: false,
    inspections: 1,
    isRaw: false,
  },
  { title: "of no type, of a terminal", headers: "", apiVersion: "1.51", terminal: true, inspections: 1, isRaw: true },
  {
    title: "of no type, of no terminal",
    headers: "",
    apiVersion: "1.51",
    terminal: false,
    inspections: 1,
    isRaw: false,
  },
  {
    title: "of no type, with tty: true",
    headers: "",
    apiVersion: "1.51",
    terminal: false,
    tty: true,
    inspections: 0,
    isRaw: true,
  },
  {
    title: "of no type, with tty: false",
    headers: "",
    apiVersion: "1.51",
    terminal: true,
    tty: false,
    inspections: 0,
    isRaw: false,
  },
  {
    title: "multiplexed, whatever tty says",
    headers: multiplexed,
    apiVersion: "1.51",
    terminal: true,
    tty: true,
    inspections: 0,
    isRaw: false,
  },
];

describe("how a log is framed", () => {
  leakCheck();

  for (const { title, headers, apiVersion, terminal, tty, inspections, isRaw } of rows) {
    exchange(
      `a log ${title}, is ${isRaw ? "taken as it is" : "cut into frames"} after ${inspections} inspections`,
      log(framed, headers, terminal),
      async ({ docker, seen }) => {
        const pieces: [string, string][] = [];
        for await (const { stream, data } of docker.containers.logs("web", { tty })) {
          pieces.push([stream, Buffer.from(data).toString("latin1")]);
        }
        const wanted = isRaw
          ? [["stdout", framed.toString("latin1")]]
          : [
              ["stdout", "out\n"],
              ["stderr", "err\n"],
            ];
        assert.deepEqual(pieces, wanted);
        assert.equal(seen.filter(({ line }) => line.endsWith("/containers/web/json")).length, inspections);
      },
      { apiVersion },
    );
  }

  exchange(
    "a log whose container is gone before it can be inspected is the same outcome, and its connection is closed",
    ({ line }) =>
      line.includes("/logs") ? "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx" : answer(404, { message: "gone" }),
    async ({ docker, server }) => {
      await assert.rejects(docker.containers.logs("web"), (error) => {
        assert.ok(error instanceof StatusError);
        assert.deepEqual([error.kind, error.operation], ["NoSuchContainer", "ContainerLogs"]);
        return true;
      });
      const outcome = await docker.containers.logs("web").outcome();
      assert.deepEqual(outcome, { kind: "NoSuchContainer", status: 404, error: { message: "gone" } });
      await server.clientLeft(1);
    },
  );
});

describe("a log that goes wrong", () => {
  leakCheck();
  const failing: readonly (readonly [string, Uint8Array, abstract new (...args: never[]) => Error, RegExp])[] = [
    ["is cut in a header", framed.subarray(0, 15), ResponseError, /./],
    ["is cut in a frame", framed.subarray(0, 22), ResponseError, /./],
    ["has a frame of an unknown kind", Buffer.concat([framed, frame(9, "x")]), FrameError, /./],
    ["reports a failure", Buffer.concat([framed, frame(3, "Error grabbing logs: EOF")]), EngineStreamError, /grabbing/],
  ];

  for (const [title, body, kind, message] of failing) {
    exchange(
      `and ${title} gives what came before, then throws in every view`,
      log(body, multiplexed, false),
      async ({ docker }) => {
        const seen: string[] = [];
        const read = async () => {
          for await (const { data } of docker.containers.logs("web")) {
            seen.push(Buffer.from(data).toString());
          }
        };
        await assert.rejects(read(), (error) => error instanceof kind && message.test(error.message));
        assert.equal(seen[0], "out\n");
        await assert.rejects(docker.containers.logs("web").text(), kind);
        const first = await docker.containers.logs("web").lines().next();
        assert.deepEqual(first.value, { stream: "stdout", text: "out" });
        const stream = await docker.containers.logs("web");
        await assert.rejects(stream.text(), (error) => {
          assert.ok(error instanceof Error && "operation" in error);
          assert.equal(error.operation, "ContainerLogs");
          return true;
        });
      },
    );
  }

  exchange(
    "before it begins, is a failure that the iteration throws",
    () => answer(500, { message: "driver" }),
    async ({ docker }) => {
      await assert.rejects(docker.containers.logs("web").lines().next(), { name: "StatusError", status: 500 });
      await assert.rejects(docker.containers.logs("web").text(), { name: "StatusError", status: 500 });
      const outcome = await docker.containers.logs("web").outcome();
      assert.deepEqual(outcome, { kind: "ServerError", status: 500, error: { message: "driver" } });
    },
  );
});
