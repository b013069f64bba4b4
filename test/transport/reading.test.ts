import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { AbortError } from "../../src/errors/abort-error.ts";
import { leakCheck } from "../support/leaks.ts";
import type { RawConnection } from "../support/raw-server.ts";
import { drain, failure, get, ok, overBoth, read, text, withServer } from "./harness.ts";

leakCheck();

/** Answers every request with those bytes. */
function answers(bytes: string) {
  return async (connection: RawConnection): Promise<void> => {
    for (;;) {
      await connection.head();
      await connection.write(bytes);
    }
  };
}

overBoth("leaving the loop closes the connection", async (kind) => {
  const script = answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  await withServer(kind, script, async ({ server, transport }) => {
    const response = await transport.request(get());
    for await (const chunk of response.chunks()) {
      assert.equal(Buffer.from(chunk).toString(), "hello");
      break;
    }
    await server.clientLeft();
  });
});

overBoth("leaving while a piece is awaited ends the wait", async (kind) => {
  const script = answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  await withServer(kind, script, async ({ server, transport }) => {
    const chunks = (await transport.request(get())).chunks();
    const [next] = await Promise.all([chunks.next(), chunks.return?.()]);
    assert.deepEqual(next, { done: true, value: undefined });
    assert.deepEqual(await chunks.next(), { done: true, value: undefined });
    await server.clientLeft();
  });
});

overBoth("leaving after the end keeps the connection", async (kind) => {
  await withServer(kind, answers(ok("hello")), async ({ server, transport }) => {
    const chunks = (await transport.request(get())).chunks();
    assert.equal((await drain(chunks)).text, "hello");
    await chunks.return?.();
    assert.equal(await text(transport, get()), "hello");
    assert.equal(server.connections.length, 1);
  });
});

overBoth("pieces may be asked for at once and come in order", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
    await delay(10);
    await connection.write("a");
    await delay(10);
    await connection.write("b");
  };
  await withServer(kind, script, async ({ transport }) => {
    const chunks = (await transport.request(get())).chunks();
    const results = await Promise.all([chunks.next(), chunks.next(), chunks.next(), chunks.next()]);
    assert.deepEqual(
      results.map(({ done, value }) => (done ? "end" : Buffer.from(value).toString())),
      ["a", "b", "end", "end"],
    );
  });
});

overBoth("a body can be read once, in one way", async (kind) => {
  await withServer(kind, answers(ok("hello")), async ({ transport }) => {
    const iterated = await transport.request(get());
    await drain(iterated.chunks());
    assert.throws(() => iterated.chunks(), TypeError);
    assert.throws(() => iterated.bytes(), TypeError);
    const whole = await transport.request(get());
    await whole.bytes();
    assert.throws(() => whole.chunks(), TypeError);
  });
});

overBoth("destroy() closes the connection, and a reader is told", async (kind) => {
  const script = answers("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
  await withServer(kind, script, async ({ server, transport }) => {
    (await transport.request(get())).destroy();
    await server.clientLeft();
    const response = await transport.request(get());
    const bytes = response.bytes();
    response.destroy();
    response.destroy();
    await failure(bytes, AbortError);
    await server.clientLeft();
  });
});

for (const [limitBytes, expected] of [
  [0, ""],
  [3, "hel"],
  [10, "hello worl"],
  [11, "hello world"],
  [12, "hello world"],
] as const) {
  overBoth(`bytes(${limitBytes}) of eleven gives ${expected.length}`, async (kind) => {
    const isLeft = limitBytes < 11;
    const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n";
    // Node 26 keeps the connection of an answer that is left, if all of it has come: that is none to close.
    await withServer(kind, answers(isLeft ? chunked : `${chunked}0\r\n\r\n`), async ({ server, transport }) => {
      const response = await transport.request(get());
      assert.equal(Buffer.from(await response.bytes(limitBytes)).toString(), expected);
      await server.clientLeft(isLeft ? 0 : 1);
    });
  });
}

overBoth("a slow reader makes the engine wait, and little is under way", async (kind) => {
  const piece = Buffer.from(`10000\r\n${"x".repeat(0x10000)}\r\n`);
  let written = 0;
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (; written < 800; written++) {
      await connection.write(piece);
    }
    await connection.write("0\r\n\r\n");
  };
  await withServer(kind, script, async ({ transport }) => {
    const response = await transport.request(get());
    await delay(100);
    const unread = written;
    assert.ok(unread < 150, `${unread} pieces went to an answer that nobody reads`);
    let received = 0;
    let peak = 0;
    for await (const chunk of response.chunks()) {
      received += chunk.length;
      if (received < 4_000_000) {
        await delay(2);
        peak = Math.max(peak, written * 0x10000 - received);
      }
    }
    assert.equal(received, 800 * 0x10000);
    assert.ok(peak < 12_000_000, `${peak} bytes were under way`);
  });
});

overBoth("a large body arrives whole in both views", async (kind) => {
  const body = "0123456789abcdef".repeat(500_000);
  await withServer(kind, answers(ok(body)), async ({ server, transport }) => {
    assert.ok((await read(await transport.request(get()))) === body);
    assert.ok((await drain((await transport.request(get())).chunks())).text === body);
    assert.equal(server.connections.length, 1);
  });
});
