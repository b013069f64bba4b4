import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { AbortError } from "../../src/errors/abort-error.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import { leakCheck } from "../support/leaks.ts";
import type { RawConnection } from "../support/raw-server.ts";
import { drain, failure, get, ok, overBoth, post, text, withServer } from "./harness.ts";
import { type Unopened, unopenedDialer } from "./unopened.ts";

leakCheck();

/** Reads a request, writes the bytes, and waits for the client to leave. */
function sendsThenWaits(bytes: string) {
  return async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write(bytes);
    await connection.rest();
  };
}

async function closed(promise: Promise<unknown>, operation?: string): Promise<void> {
  assert.match((await failure(promise, AbortError, operation)).message, /^The client was closed/);
}

overBoth("close() with nothing open resolves, any number of times, and refuses later calls", async (kind) => {
  await withServer(kind, sendsThenWaits(""), async ({ server, transport }) => {
    await Promise.all([transport.close(), transport.close()]);
    await transport.close();
    await closed(transport.request(get()));
    await closed(transport.upgrade(get()));
    assert.equal(server.connections.length, 0);
  });
});

test("close() ends a call that is connecting", async () => {
  const opened: Unopened[] = [];
  const transport = createHttpTransport(unopenedDialer(opened));
  const promise = transport.request(get());
  await delay(5);
  await Promise.all([transport.close(), closed(promise)]);
  assert.equal(opened[0]?.closed, true);
});

overBoth("close() ends a call in the turn in which it began", async (kind) => {
  await withServer(kind, sendsThenWaits(ok("x")), async ({ transport }) => {
    const promise = transport.request(get());
    await Promise.all([transport.close(), closed(promise)]);
  });
});

overBoth("close() ends idle connections", async (kind) => {
  await withServer(kind, sendsThenWaits(ok("x")), async ({ server, transport }) => {
    assert.equal(await text(transport, get()), "x");
    assert.equal(server.openCount, 1);
    await transport.close();
    await server.clientLeft();
  });
});

overBoth("close() ends a call that waits for its answer", async (kind) => {
  await withServer(kind, sendsThenWaits(""), async ({ server, transport }) => {
    const promise = transport.request(get());
    await delay(20);
    await Promise.all([transport.close(), closed(promise)]);
    await server.clientLeft();
  });
});

overBoth("close() ends a call that is being uploaded", async (kind) => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      yield new Uint8Array(1000);
      await delay(1);
    }
  }
  await withServer(kind, sendsThenWaits(""), async ({ server, transport }) => {
    const promise = transport.request(post({ body: endless() }));
    await delay(20);
    await Promise.all([transport.close(), closed(promise, "ContainerStart")]);
    await server.clientLeft();
  });
});

overBoth("close() ends bodies that are being read", async (kind) => {
  const script = sendsThenWaits("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
  await withServer(kind, script, async ({ server, transport }) => {
    const whole = (await transport.request(get())).bytes();
    const iterated = drain((await transport.request(get())).chunks());
    const unread = await transport.request(get());
    await delay(20);
    await Promise.all([transport.close(), closed(whole)]);
    await server.clientLeft();
    assert.ok((await iterated).error instanceof AbortError);
    await closed(unread.bytes());
  });
});

overBoth("close() ends upgraded connections", async (kind) => {
  const script = sendsThenWaits("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
  await withServer(kind, script, async ({ server, transport }) => {
    const connection = await transport.upgrade(post());
    assert.ok("write" in connection);
    const next = connection.chunks().next();
    await Promise.all([transport.close(), closed(next, "ContainerStart")]);
    await server.clientLeft();
  });
});
