import assert from "node:assert/strict";
import { ResponseError } from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { answer } from "./support.ts";
import { type Handler, wired } from "./wired.ts";

leakCheck();

/** Answers inspections one after the other with these states of health. */
function inspections(...states: readonly string[]): Handler {
  let count = 0;
  return (_request, connection) => {
    const Status = states[count] ?? "none";
    count += 1;
    const State = { Running: true, Health: { Status, FailingStreak: 0, Log: null } };
    return connection.write(answer(200, { Id: "c1", State, Config: { Healthcheck: { Test: ["CMD", "true"] } } }));
  };
}

const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
const event = '{"Type":"container","Action":"health_status: healthy","Actor":{"ID":"c1"},"time":1,"timeNano":1}\n';

wired(
  "health that comes between the first look and the events is not missed",
  { "/json": inspections("starting", "healthy"), "/events": (_request, connection) => connection.write(head) },
  async ({ docker, lines, server }) => {
    await docker.containers.waitHealthy("web");
    assert.deepEqual(
      lines.map((line) => line.replace(/\?.*/, "")),
      ["GET /containers/web/json", "GET /events", "GET /containers/c1/json"],
    );
    await server.clientLeft(1);
  },
);

wired(
  "every event makes it look again",
  {
    "/json": inspections("starting", "starting", "starting", "healthy"),
    "/events": async (_request, connection) => {
      await connection.write(head + event);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await connection.write(event);
    },
  },
  async ({ docker, lines }) => {
    await docker.containers.waitHealthy("web");
    assert.equal(lines.filter((line) => line.includes("/json")).length, 4);
  },
);

wired(
  "events that end before the health is known are an error",
  {
    "/json": inspections("starting", "starting"),
    "/events": async (_request, connection) => {
      await connection.write(head);
      connection.close();
    },
  },
  async ({ docker }) => {
    await assert.rejects(docker.containers.waitHealthy("web"), ResponseError);
  },
);
