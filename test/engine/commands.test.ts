import assert from "node:assert/strict";
import { LeftoverError, ResponseError, StatusError, TimeoutError } from "../../src/index.ts";
import { encodeFrame } from "../codecs/support.ts";
import { leakCheck } from "../support/leaks.ts";
import { answer } from "./support.ts";
import { type Handler, says, switching, wired } from "./wired.ts";

leakCheck();

/** Upgrades, gives one line of output, and ends. */
const printsAndEnds: Handler = async (_request, connection) => {
  await connection.write(Buffer.concat([Buffer.from(switching("multiplexed")), encodeFrame(1, "hi\n")]));
  connection.close();
};

const created = says(201, { Id: "c1", Warnings: [] });
const chunkedHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

let events: string[] = [];

/** Says that it waits after 100 ms, and how the command has ended 50 ms later. */
const waits: Handler = async (_request, connection) => {
  await new Promise((resolve) => setTimeout(resolve, 100));
  events.push("waiting");
  await connection.write(chunkedHead);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await connection.write('11\r\n{"StatusCode": 7}\r\n0\r\n\r\n');
};
const starts: Handler = (_request, connection) => {
  events.push("started");
  return connection.write(answer(204));
};

const inOrder = { "/create": created, "/attach": printsAndEnds, "/wait": waits, "/c1/start": starts };

wired(
  "a run attaches, waits and starts in that order, and starts only when the engine waits",
  { ...inOrder, "DELETE /": says(404, { message: "gone" }) },
  async ({ docker, lines }) => {
    events = [];
    const { exitCode, stdout } = await docker.containers.run({ Image: "i" });
    assert.deepEqual([exitCode, stdout], [7, "hi\n"]);
    assert.deepEqual(events, ["waiting", "started"]);
    const steps = lines.map((line) => line.replace(/\?.*/, ""));
    assert.deepEqual(steps, [
      "POST /containers/create",
      "POST /containers/c1/attach",
      "POST /containers/c1/wait",
      "POST /containers/c1/start",
      "DELETE /containers/c1",
    ]);
    assert.match(lines[2] ?? "", /condition=next-exit/);
  },
);

wired(
  "a container that is being removed already is waited for",
  {
    ...inOrder,
    "DELETE /": (_request, connection) => {
      events.push("removed");
      return connection.write(answer(events.length < 5 ? 409 : 204, { message: "in progress" }));
    },
  },
  async ({ docker }) => {
    events = [];
    await docker.containers.run({ Image: "i" });
    assert.deepEqual(events, ["waiting", "started", "removed", "removed", "removed"]);
  },
);

for (const [step, handlers] of [
  ["attach", { "/attach": says(500, { message: "broken" }) }],
  ["wait", { "/wait": says(500, { message: "broken" }) }],
  ["start", { "/c1/start": says(500, { message: "broken" }) }],
] as const) {
  wired(
    `a run whose ${step} fails removes what it has created`,
    { ...inOrder, ...handlers, "/kill": says(204), "DELETE /": says(204) },
    async ({ docker, lines }) => {
      await assert.rejects(docker.containers.run({ Image: "i" }), (error) => {
        return error instanceof StatusError && error.engineMessage === "broken";
      });
      assert.equal(lines.at(-1), "DELETE /containers/c1?force=true&v=true");
    },
  );
}

wired(
  "a container that cannot be removed is named, with the failure before",
  {
    ...inOrder,
    "/c1/start": says(404, { message: "no such command" }),
    "/kill": says(404, { message: "?" }),
    "DELETE /": (_request, connection) => connection.close(),
  },
  async ({ docker }) => {
    await assert.rejects(docker.containers.run({ Image: "i" }), (error) => {
      assert.ok(error instanceof LeftoverError, String(error));
      assert.ok(error.failure instanceof StatusError);
      assert.ok(error.cause instanceof Error);
      return error.containerId === "c1";
    });
  },
);

wired(
  "a run whose connection breaks fails, and removes its container",
  {
    ...inOrder,
    "/attach": async (_request, connection) => {
      await connection.write(Buffer.from(switching("multiplexed")));
      await connection.write(encodeFrame(1, "hello").subarray(0, 10));
      connection.close();
    },
    "/kill": says(204),
    "DELETE /": says(204),
  },
  async ({ docker, lines }) => {
    await assert.rejects(docker.containers.run({ Image: "i" }), ResponseError);
    assert.match(lines.at(-1) ?? "", /^DELETE/);
  },
);

wired(
  "an engine that reports a failed wait fails the run",
  {
    ...inOrder,
    "/wait": says(200, { StatusCode: -1, Error: { Message: "context canceled" } }),
    "/kill": says(204),
    "DELETE /": says(204),
  },
  async ({ docker }) => {
    await assert.rejects(docker.containers.run({ Image: "i" }), /context canceled/);
  },
);

let inspections = 0;

wired(
  "an exec is inspected until it does not run any more",
  {
    "/web/exec": says(201, { Id: "e1" }),
    "/e1/start": printsAndEnds,
    "/e1/json": (_request, connection) => {
      inspections += 1;
      const body = inspections < 4 ? { Running: true, ExitCode: null } : { Running: false, ExitCode: 3, Pid: 9 };
      return connection.write(answer(200, body));
    },
  },
  async ({ docker }) => {
    const { exitCode, stdout } = await docker.containers.exec("web", ["true"]);
    assert.deepEqual([exitCode, stdout, inspections], [3, "hi\n", 4]);
  },
);

wired(
  "an exec that seems to run for ever ends with its time limit",
  {
    "/web/exec": says(201, { Id: "e1" }),
    "/e1/start": printsAndEnds,
    "/e1/json": says(200, { Running: true, ExitCode: null }),
  },
  async ({ docker }) => {
    await assert.rejects(docker.containers.exec("web", ["true"], { timeoutMs: 200 }), TimeoutError);
  },
);

wired(
  "an exec without an exit code at its end is an error",
  {
    "/web/exec": says(201, { Id: "e1" }),
    "/e1/start": printsAndEnds,
    "/e1/json": says(200, { Running: false, ExitCode: null, Pid: 0 }),
  },
  async ({ docker }) => {
    await assert.rejects(docker.containers.exec("web", ["true"]), ResponseError);
  },
);
