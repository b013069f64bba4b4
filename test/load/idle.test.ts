import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Docker } from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { BusyEngine, sendJson } from "./busy-engine.ts";

leakCheck();

test("connections that a burst has left idle are closed after half a minute, though the client is used", {
  timeout: 600_000,
}, async () => {
  await using engine = await BusyEngine.start((_, response) => {
    setTimeout(() => sendJson(response, { Id: "web" }), 50);
  });
  await using docker = new Docker({ host: engine.host, apiVersion: "1.51" });
  await Promise.all(Array.from({ length: 20 }, () => docker.containers.inspect("web")));
  assert.equal(engine.connections, 20);
  for (const start = performance.now(); performance.now() - start < 33_000; ) {
    await delay(2_000);
    await docker.containers.inspect("web");
  }
  assert.equal(engine.connections, 1);
});
