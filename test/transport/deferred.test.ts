import assert from "node:assert/strict";
import { test } from "node:test";
import { DeferredTransport } from "../../src/transport/deferred-transport.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import type { TransportRequest } from "../../src/transport/transport.ts";
import { leakCheck } from "../support/leaks.ts";
import { RawServer } from "../support/raw-server.ts";

leakCheck();

const ping: TransportRequest = {
  operation: "SystemPing",
  method: "GET",
  path: "/_ping",
  query: "",
  headers: {},
  timeouts: {},
  repeatable: true,
};

test("a transport is opened once, also for requests that come in every microtask of its opening", async () => {
  await using server = await RawServer.listen("unix", async (connection) => {
    await connection.head();
    await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK");
    connection.close();
  });
  let opened = 0;
  const transport = new DeferredTransport(async () => {
    opened += 1;
    return createHttpTransport(server.dialer);
  });
  const requests: Promise<unknown>[] = [];
  for (let tick = 0; tick < 20; tick += 1) {
    requests.push(transport.request(ping).then((response) => response.bytes()));
    await Promise.resolve();
  }
  await Promise.all(requests);
  await transport.close();
  assert.equal(opened, 1);
});
