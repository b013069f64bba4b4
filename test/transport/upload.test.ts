import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { RequestError } from "../../src/errors/request-error.ts";
import type { Connection } from "../../src/transport/dial/dialer.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import { leakCheck } from "../support/leaks.ts";
import { noting, type RawConnection } from "../support/raw-server.ts";
import { drain, failure, ok, overBoth, post, read, text, withServer } from "./harness.ts";

leakCheck();

/** Gives that piece over and over, and notes how it ends. */
class Source {
  given = 0;
  returned = false;
  readonly #piece: Uint8Array;
  readonly #limit: number;

  constructor(pieceBytes: number, limit: number = Number.POSITIVE_INFINITY) {
    this.#piece = new Uint8Array(pieceBytes).fill(97);
    this.#limit = limit;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      while (this.given < this.#limit) {
        this.given++;
        yield this.#piece;
      }
    } finally {
      this.returned = true;
    }
  }
}

const bodies = {
  "a string": ["Grüße", 7],
  bytes: [new TextEncoder().encode("Grüße"), 7],
  "an empty string": ["", 0],
} as const;
for (const [name, [body, length]] of Object.entries(bodies)) {
  overBoth(`${name} is sent with its length`, async (kind) => {
    let head = "";
    let received = "";
    const script = async (connection: RawConnection): Promise<void> => {
      head = await connection.head();
      received = (await connection.take(length)).toString();
      await connection.write(ok("done"));
    };
    await withServer(kind, script, async ({ transport }) => {
      assert.equal(await text(transport, post({ body })), "done");
      assert.match(head, new RegExp(`\r\nContent-Length: ${length}\r\n`));
      assert.equal(received, length === 0 ? "" : "Grüße");
    });
  });
}

/** Takes the next chunk of a body; an empty one is its end. Node 26 makes one chunk of pieces that come at once. */
async function takeChunk(connection: RawConnection): Promise<string> {
  let size = "";
  while (!size.endsWith("\r\n")) {
    size += (await connection.take(1)).toString();
  }
  const length = Number.parseInt(size, 16);
  const chunk = (await connection.take(length + 2)).toString();
  assert.ok(chunk.endsWith("\r\n"));
  return chunk.slice(0, length);
}

overBoth("an iterable is sent in chunks", async (kind) => {
  let head = "";
  let received = "";
  const script = async (connection: RawConnection): Promise<void> => {
    head = await connection.head();
    for (let chunk = await takeChunk(connection); chunk !== ""; chunk = await takeChunk(connection)) {
      received += chunk;
    }
    await connection.write(ok("done"));
  };
  await withServer(kind, script, async ({ transport }) => {
    const body = new Source(3, 2);
    assert.equal(await text(transport, post({ body })), "done");
    assert.match(head, /\r\nTransfer-Encoding: chunked\r\n/);
    assert.equal(received, "aaaaaa");
    assert.ok(body.returned);
  });
});

overBoth("the headers are sent before the first piece is there", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno");
    await connection.rest();
  };
  let returned = false;
  const body = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => {}),
      return: () => {
        returned = true;
        return Promise.resolve({ done: true as const, value: undefined });
      },
    }),
  };
  await withServer(kind, script, async ({ server, transport }) => {
    const response = await transport.request(post({ body }));
    assert.equal(response.status, 400);
    assert.equal(await read(response), "no");
    assert.ok(returned, "the iterator is told although it owes a piece");
    await server.clientLeft();
  });
});

overBoth("an early error is delivered and stops the upload", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.take(100_000);
    await connection.write("HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n\r\nlarge");
    await connection.rest();
  };
  await withServer(kind, script, async ({ server, transport }) => {
    const body = new Source(10_000);
    const response = await transport.request(post({ body }));
    assert.equal(response.status, 413);
    const { given } = body;
    assert.equal(await read(response), "large");
    await server.clientLeft();
    assert.ok(body.returned);
    assert.ok(body.given <= given + 1, "nothing more is taken from the source");
  });
});

overBoth("an early error that comes with the engine's close is delivered", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.take(1000);
    await connection.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbad");
    connection.halfClose();
    await connection.rest();
  };
  await withServer(kind, script, async ({ server, transport }) => {
    const response = await transport.request(post({ body: new Source(1000) }));
    assert.equal(response.status, 400);
    assert.equal(await read(response), "bad");
    await server.clientLeft();
  });
});

overBoth("a success that begins early is read while the upload goes on", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (let chunk = await takeChunk(connection); chunk !== ""; chunk = await takeChunk(connection)) {
      await connection.write("1\r\n.\r\n".repeat(chunk.length / 1000));
    }
    await connection.write("0\r\n\r\n");
    await connection.rest();
  };
  await withServer(kind, script, async ({ transport }) => {
    const response = await transport.request(post({ body: new Source(1000, 50) }));
    assert.deepEqual(await drain(response.chunks()), { text: ".".repeat(50), error: undefined });
  });
});

overBoth("a success that ends early stops the upload", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write(ok("enough"));
    await connection.rest();
  };
  await withServer(kind, script, async ({ server, transport }) => {
    const body = new Source(1000);
    assert.equal(await text(transport, post({ body })), "enough");
    await server.clientLeft();
    assert.ok(body.returned);
  });
});

overBoth("a source that throws is a RequestError with its error as the cause", async (kind) => {
  const cause = new Error("the disk is gone");
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("hello");
    await delay(5);
    throw cause;
  }
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.rest();
  };
  await withServer(kind, script, async ({ server, transport }) => {
    const error = await failure(transport.request(post({ body: broken() })), RequestError, "ContainerStart");
    assert.equal(error.cause, cause);
    assert.match(error.message, /^Reading the request's body failed/);
    await server.clientLeft();
    assert.doesNotMatch(
      await (server.connections[0]?.rest() ?? ""),
      /0\r\n\r\n/,
      "the engine must not take it for whole",
    );
  });
});

overBoth("a source that throws after the answer began fails the reading of the answer", async (kind) => {
  const cause = new Error("the disk is gone");
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("hello");
    await delay(30);
    throw cause;
  }
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    await connection.rest();
  };
  await withServer(kind, script, async ({ server, transport }) => {
    const response = await transport.request(post({ body: broken() }));
    const error = await failure(response.bytes(), RequestError, "ContainerStart");
    assert.equal(error.cause, cause);
    await server.clientLeft();
  });
});

overBoth("an engine that does not read makes the source wait", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    connection.socket.pause();
    await delay(200);
    connection.socket.resume();
    await connection.head();
    await connection.write(ok("done"));
  };
  await withServer(kind, script, async ({ transport }) => {
    const body = new Source(64 * 1024, 1000);
    const promise = text(transport, post({ body }));
    await delay(150);
    const stalledAt = body.given;
    assert.ok(stalledAt > 0 && stalledAt < 500, `${stalledAt} pieces were taken`);
    assert.equal(await promise, "done");
  });
});

overBoth("a connection that is lost during the upload is a RequestError and ends the source", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.take(100_000);
    connection.reset();
  };
  await withServer(kind, script, async ({ server, transport }) => {
    const body = new Source(10_000);
    await failure(transport.request(post({ body })), RequestError, "ContainerStart");
    await server.clientLeft();
    assert.ok(body.returned);
    assert.equal(server.connections.length, 1);
  });
});

for (const [name, body] of [
  ["bytes", (): Uint8Array => new Uint8Array(20_000_000)],
  ["an iterable", (): Source => new Source(100_000)],
] as const) {
  overBoth(`an engine that answers ${name} early and stops reading keeps no connection`, async (kind) => {
    const script = async (connection: RawConnection): Promise<void> => {
      await connection.head();
      connection.socket.pause();
      await connection.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nbad");
    };
    await withServer(kind, script, async ({ server }) => {
      const made: Connection[] = [];
      const transport = createHttpTransport(noting(server.dialer, made));
      assert.equal(await text(transport, post({ body: body() })), "bad");
      await delay(20);
      assert.deepEqual(
        made.map(({ destroyed }) => destroyed),
        [true],
      );
      await transport.close();
    });
  });
}
