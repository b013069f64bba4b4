import assert from "node:assert/strict";
import { RequestError } from "../../src/errors/request-error.ts";
import { ResponseError } from "../../src/errors/response-error.ts";
import { leakCheck } from "../support/leaks.ts";
import type { RawConnection } from "../support/raw-server.ts";
import { drain, failure, get, ok, overBoth, text, withServer } from "./harness.ts";

leakCheck();

type Ending = "close" | "halfClose" | "reset";
const endings: readonly Ending[] = ["close", "halfClose", "reset"];

/** Reads a request, writes the bytes, and ends in that way. */
function says(bytes: string, ending: Ending) {
  return async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write(bytes);
    // Let the client read what was written: a reset may overtake it.
    await new Promise((resolve) => setTimeout(resolve, 15));
    connection[ending]();
  };
}

const beforeTheHeadersEnd = {
  "before the first byte": "",
  "inside the status line": "HTTP/1.1 20",
  "inside the headers": "HTTP/1.1 200 OK\r\nContent-Len",
  "before the headers' empty line": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
  "after an informational answer": "HTTP/1.1 100 Continue\r\n\r\n",
};
for (const ending of endings) {
  for (const [moment, bytes] of Object.entries(beforeTheHeadersEnd)) {
    overBoth(`${ending} ${moment} is a RequestError`, async (kind) => {
      await withServer(kind, says(bytes, ending), async ({ server, transport }) => {
        const error = await failure(transport.request(get()), RequestError);
        assert.match(error.message, /closed the connection without an answer/);
        assert.equal(error.code, "ECONNRESET");
        assert.ok(error.cause instanceof Error);
        await server.clientLeft();
        assert.equal(server.connections.length, 1, "a fresh connection is not tried again");
      });
    });
  }
}

overBoth("a connection that is closed as soon as it is accepted is a RequestError", async (kind) => {
  await withServer(
    kind,
    (connection) => connection.close(),
    async ({ server, transport }) => {
      await failure(transport.request(get()), RequestError);
      await server.clientLeft();
    },
  );
});

const length = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n";
const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const insideTheBody = {
  "before a body with a length": [length, ""],
  "inside a body with a length": [`${length}hello`, "hello"],
  "one byte before the length is reached": [`${length}0123456789012345678`, "0123456789012345678"],
  "before a chunked body": [chunked, ""],
  "inside a chunk's size": [`${chunked}5\r\nhello\r\n1`, "hello"],
  "inside a chunk": [`${chunked}5\r\nhello\r\n5\r\nwo`, "hellowo"],
  "between two chunks": [`${chunked}5\r\nhello\r\n`, "hello"],
  "before the last chunk's empty line": [`${chunked}5\r\nhello\r\n0\r\n`, "hello"],
} as const;
for (const ending of endings) {
  for (const [moment, [bytes, body]] of Object.entries(insideTheBody)) {
    overBoth(`${ending} ${moment} is a ResponseError in every view`, async (kind) => {
      await withServer(kind, says(bytes, ending), async ({ server, transport }) => {
        const whole = await failure((await transport.request(get())).bytes(), ResponseError);
        assert.equal(whole.status, 200);
        assert.equal(whole.receivedBytes, body.length);

        const iterated = await drain((await transport.request(get())).chunks());
        assert.equal(iterated.text, body, "what had arrived is given to the reader");
        assert.ok(iterated.error instanceof ResponseError);
        assert.equal(iterated.error.receivedBytes, body.length);

        const late = await transport.request(get());
        await server.clientLeft();
        await new Promise(setImmediate);
        const { text: kept, error } = await drain(late.chunks());
        assert.equal(kept, body, "a reader that comes late gets it too");
        assert.ok(error instanceof ResponseError && error.receivedBytes === body.length);
        assert.equal(server.connections.length, 3);
      });
    });
  }
}

overBoth("a reset ends a body without a length with an error", async (kind) => {
  // On a Unix socket the reset shows only if the server leaves bytes unread.
  if (kind === "unix") {
    return;
  }
  await withServer(kind, says("HTTP/1.1 200 OK\r\n\r\nhello", "reset"), async ({ transport }) => {
    const { text: body, error } = await drain((await transport.request(get())).chunks());
    assert.equal(body, "hello");
    assert.ok(error instanceof ResponseError);
    assert.equal(error.code, "ECONNRESET");
  });
});

const garbage = {
  "not HTTP at all": "SSH-2.0-OpenSSH_9.6\r\n\r\n",
  "a wrong version": "HTTP/9.9 200 OK\r\n\r\n",
  "a status that is none": "HTTP/1.1 abc OK\r\n\r\n",
  "two different lengths": "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
  "a space in a header's name": "HTTP/1.1 200 OK\r\nA b: 1\r\n\r\n",
};
for (const [name, bytes] of Object.entries(garbage)) {
  overBoth(`${name} is not taken for an answer`, async (kind) => {
    const script = async (connection: RawConnection): Promise<void> => {
      await connection.head();
      await connection.write(bytes);
      await connection.rest();
    };
    await withServer(kind, script, async ({ server, transport }) => {
      const error = await failure(transport.request(get()), RequestError);
      assert.match(error.message, /^The answer is not HTTP/);
      assert.match(error.code ?? "", /^HPE_/);
      await server.clientLeft();
    });
  });
}

overBoth("headers without end are refused", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write(`HTTP/1.1 200 OK\r\nX-A: ${"a".repeat(100_000)}\r\n\r\n`);
  };
  await withServer(kind, script, async ({ transport }) => {
    const error = await failure(transport.request(get()), RequestError);
    assert.match(error.message, /^The answer's headers are too large/);
  });
});

overBoth("a chunk's size that is none is a ResponseError", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write(`${chunked}5\r\nhello\r\n`);
    await connection.write("xyz\r\n");
  };
  await withServer(kind, script, async ({ server, transport }) => {
    const { text: body, error } = await drain((await transport.request(get())).chunks());
    assert.equal(body, "hello");
    assert.ok(error instanceof ResponseError);
    assert.match(error.message, /stopped being HTTP/);
    await server.clientLeft();
  });
});

overBoth("an answer after a broken one comes over a new connection", async (kind) => {
  const script = async (connection: RawConnection, index: number): Promise<void> => {
    await connection.head();
    await connection.write(index === 0 ? `${length}hello` : ok("whole"));
    connection.close();
  };
  await withServer(kind, script, async ({ server, transport }) => {
    await failure(text(transport, get()), ResponseError);
    assert.equal(await text(transport, get()), "whole");
    assert.equal(server.connections.length, 2);
  });
});
