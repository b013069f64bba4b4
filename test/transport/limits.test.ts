import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { TimeoutError } from "../../src/errors/timeout-error.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import { leakCheck } from "../support/leaks.ts";
import type { RawConnection } from "../support/raw-server.ts";
import { drain, failure, get, ok, overBoth, post, read, text, withServer } from "./harness.ts";
import { type Unopened, unopenedDialer } from "./unopened.ts";

leakCheck();

test("a connection that does not open is a TimeoutError", async () => {
  const opened: Unopened[] = [];
  const transport = createHttpTransport(unopenedDialer(opened));
  const error = await failure(transport.request(get({ timeouts: { connectMs: 30 } })), TimeoutError);
  assert.equal(error.timeout, "connect");
  assert.equal(error.limitMs, 30);
  assert.deepEqual(
    opened.map(({ destroyed }) => destroyed),
    [true],
  );
  await transport.close();
});

const stalls = {
  "no byte at all": ["", "headers"],
  "half of the headers": ["HTTP/1.1 200 OK\r\nA: b\r\n", "headers"],
  "no byte of the body": ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "idle"],
  "half of the body": ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", "idle"],
  "half of a chunk": ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe", "idle"],
} as const;
for (const [name, [bytes, kindOfLimit]] of Object.entries(stalls)) {
  overBoth(`a peer that stalls after ${name} exceeds the limit "${kindOfLimit}"`, async (kind) => {
    const script = async (connection: RawConnection): Promise<void> => {
      await connection.head();
      await connection.write(bytes);
      await connection.rest();
    };
    await withServer(kind, script, async ({ server, transport }) => {
      // The others are long, since a busy machine may be slow before the stall.
      const timeouts = { connectMs: 5_000, headersMs: 5_000, idleMs: 5_000, [`${kindOfLimit}Ms`]: 40 };
      const error = await failure(text(transport, get({ timeouts })), TimeoutError);
      assert.equal(error.timeout, kindOfLimit);
      assert.equal(error.limitMs, 40);
      await server.clientLeft();
      if (kindOfLimit === "idle") {
        const { error: iterated } = await drain((await transport.request(get({ timeouts }))).chunks());
        assert.ok(iterated instanceof TimeoutError && iterated.timeout === "idle");
      }
    });
  });
}

overBoth("each piece of the body starts the limit anew", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    for (;;) {
      await connection.head();
      await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
      for (const byte of "hello") {
        await delay(250);
        await connection.write(byte);
      }
    }
  };
  await withServer(kind, script, async ({ transport }) => {
    const timeouts = { idleMs: 1_000, headersMs: 5_000, connectMs: 5_000 };
    assert.equal(await text(transport, get({ timeouts })), "hello");
    const response = await transport.request(get({ timeouts }));
    assert.deepEqual(await drain(response.chunks()), { text: "hello", error: undefined });
  });
});

overBoth("a slow reader does not exceed the limit between two pieces", async (kind) => {
  let goOn = (): void => {};
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    await delay(10);
    await connection.write("hel");
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await connection.write("lo");
  };
  await withServer(kind, script, async ({ transport }) => {
    const response = await transport.request(get({ timeouts: { idleMs: 500 } }));
    const chunks = response.chunks();
    assert.equal(Buffer.from((await chunks.next()).value ?? []).toString(), "hel");
    await delay(700);
    goOn();
    assert.deepEqual(await drain(chunks), { text: "lo", error: undefined });
  });
});

overBoth("the limit for the headers begins when the request's last byte is sent", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.take("5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n".length);
    await connection.write(ok("done"));
  };
  async function* slowly(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("hello");
    await delay(700);
    yield Buffer.from("world");
  }
  await withServer(kind, script, async ({ transport }) => {
    assert.equal(await text(transport, post({ body: slowly(), timeouts: { headersMs: 500 } })), "done");
  });
});

overBoth("limits of a month or more, and infinite ones, are none", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await delay(20);
    await connection.write(ok("late"));
  };
  await withServer(kind, script, async ({ transport }) => {
    const timeouts = { connectMs: 1e12, headersMs: 2 ** 40, idleMs: Number.POSITIVE_INFINITY };
    assert.equal(await read(await transport.request(get({ timeouts }))), "late");
  });
});
