import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { AbortError } from "../../src/errors/abort-error.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import { leakCheck } from "../support/leaks.ts";
import type { RawConnection } from "../support/raw-server.ts";
import { drain, failure, get, ok, overBoth, post, text, withServer } from "./harness.ts";
import { type Unopened, unopenedDialer } from "./unopened.ts";

leakCheck();

const reason = new Error("changed my mind");
const half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";

/** Reads a request, writes the bytes, and waits for the client to leave. */
function sendsThenWaits(bytes: string) {
  return async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write(bytes);
    await connection.rest();
  };
}

async function aborted(promise: Promise<unknown>, operation?: string): Promise<void> {
  const error = await failure(promise, AbortError, operation);
  assert.match(error.message, /^The call was aborted/);
  assert.equal(error.cause, reason);
}

overBoth("a signal that is aborted already makes no connection", async (kind) => {
  await withServer(kind, sendsThenWaits(""), async ({ server, transport }) => {
    const signal = AbortSignal.abort(reason);
    await aborted(transport.request(get({ signal })));
    await aborted(transport.upgrade(get({ signal })));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(server.connections.length, 0);
  });
});

test("an abort while connecting destroys the connection", async () => {
  const opened: Unopened[] = [];
  const transport = createHttpTransport(unopenedDialer(opened));
  const controller = new AbortController();
  const promise = transport.request(get({ signal: controller.signal }));
  setTimeout(() => controller.abort(reason), 10);
  await aborted(promise);
  assert.equal(opened[0]?.destroyed, true);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  await transport.close();
});

overBoth("an abort in the same turn as the call leaves no connection", async (kind) => {
  await withServer(kind, sendsThenWaits(ok("x")), async ({ server, transport }) => {
    const controller = new AbortController();
    const promise = transport.request(get({ signal: controller.signal }));
    controller.abort(reason);
    await aborted(promise);
    await server.clientLeft();
  });
});

overBoth("an abort before the first byte of the answer closes the connection", async (kind) => {
  const controller = new AbortController();
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    controller.abort(reason);
    await connection.rest();
  };
  await withServer(kind, script, async ({ server, transport }) => {
    await aborted(transport.request(get({ signal: controller.signal })));
    await server.clientLeft();
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });
});

overBoth("an abort in the middle of the request closes the connection and ends the body's iterator", async (kind) => {
  const controller = new AbortController();
  let returned = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        yield new Uint8Array(1024);
        await new Promise(setImmediate);
      }
    } finally {
      returned = true;
    }
  }
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.take(10_000);
    controller.abort(reason);
    await connection.rest();
  };
  await withServer(kind, script, async ({ server, transport }) => {
    await aborted(transport.request(post({ body: endless(), signal: controller.signal })), "ContainerStart");
    await server.clientLeft();
    assert.ok(returned);
  });
});

overBoth("an abort in the middle of the body rejects bytes()", async (kind) => {
  await withServer(kind, sendsThenWaits(half), async ({ server, transport }) => {
    const controller = new AbortController();
    const response = await transport.request(get({ signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 10);
    await aborted(response.bytes());
    await server.clientLeft();
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });
});

overBoth("an abort in the middle of the body ends the iteration at once", async (kind) => {
  await withServer(kind, sendsThenWaits(half), async ({ server, transport }) => {
    const controller = new AbortController();
    const response = await transport.request(get({ signal: controller.signal }));
    const chunks = response.chunks();
    assert.equal(Buffer.from((await chunks.next()).value ?? []).toString(), "hello");
    setTimeout(() => controller.abort(reason), 10);
    await aborted(chunks.next());
    assert.deepEqual(await chunks.next(), { done: true, value: undefined });
    await server.clientLeft();
  });
});

overBoth("an abort before the body is read is told to the reader, without what had arrived", async (kind) => {
  await withServer(kind, sendsThenWaits(half), async ({ server, transport }) => {
    const controller = new AbortController();
    const response = await transport.request(get({ signal: controller.signal }));
    controller.abort(reason);
    await server.clientLeft();
    const { text: body, error } = await drain(response.chunks());
    assert.equal(body, "");
    assert.ok(error instanceof AbortError && error.cause === reason);
  });
});

overBoth("an abort after the answer was read does nothing", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    for (;;) {
      await connection.head();
      await connection.write(ok("x"));
    }
  };
  await withServer(kind, script, async ({ server, transport }) => {
    const controller = new AbortController();
    assert.equal(await text(transport, get({ signal: controller.signal })), "x");
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    controller.abort(reason);
    assert.equal(await text(transport, get()), "x");
    assert.equal(server.connections.length, 1);
  });
});

overBoth("an abort ends an upgraded connection", async (kind) => {
  const script = sendsThenWaits("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
  await withServer(kind, script, async ({ server, transport }) => {
    const controller = new AbortController();
    const connection = await transport.upgrade(post({ signal: controller.signal }));
    assert.ok(connection.status === 101 && "write" in connection);
    const next = connection.chunks().next();
    controller.abort(reason);
    await aborted(next, "ContainerStart");
    await aborted(connection.write(Buffer.from("x")), "ContainerStart");
    await server.clientLeft();
    await new Promise(setImmediate);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });
});

test("10,000 calls with one signal leave no listeners and cause no warning", async () => {
  const script = async (connection: RawConnection): Promise<void> => {
    for (;;) {
      await connection.head();
      await connection.write(ok());
    }
  };
  const warnings: Error[] = [];
  const onWarning = (warning: Error): number => warnings.push(warning);
  process.on("warning", onWarning);
  await withServer("unix", script, async ({ transport }) => {
    const { signal } = new AbortController();
    for (let i = 0; i < 200; i++) {
      await Promise.all(Array.from({ length: 50 }, () => text(transport, get({ signal }))));
    }
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
  process.off("warning", onWarning);
  assert.deepEqual(warnings, []);
});
