import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { AbortError } from "../../src/errors/abort-error.ts";
import { RequestError } from "../../src/errors/request-error.ts";
import { ResponseError } from "../../src/errors/response-error.ts";
import type { Transport, TransportRequest, UpgradedConnection } from "../../src/transport/transport.ts";
import { leakCheck } from "../support/leaks.ts";
import type { RawConnection } from "../support/raw-server.ts";
import { drain, failure, get, ok, overBoth, post, read, text, withServer } from "./harness.ts";

leakCheck();

const switching =
  "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

async function upgraded(transport: Transport, request: TransportRequest = post()): Promise<UpgradedConnection> {
  const connection = await transport.upgrade(request);
  assert.ok(connection.status === 101 && "write" in connection);
  return connection;
}

/** Reads a request, upgrades, and goes on with the script. */
function upgrades(glued: string, then: (connection: RawConnection) => Promise<void> | void) {
  return async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write(switching + glued);
    await then(connection);
  };
}

overBoth("the request for an upgrade has the two headers, and its body", async (kind) => {
  let head = "";
  let body = "";
  const script = async (connection: RawConnection): Promise<void> => {
    head = await connection.head();
    body = (await connection.take(16)).toString();
    await connection.write(switching);
    connection.close();
  };
  await withServer(kind, script, async ({ transport }) => {
    const connection = await upgraded(transport, post({ body: '{"Detach":false}' }));
    assert.equal(connection.headers["content-type"], "application/vnd.docker.raw-stream");
    assert.deepEqual(await drain(connection.chunks()), { text: "", error: undefined });
    await connection.end();
    assert.match(head, /\r\nConnection: Upgrade\r\n/);
    assert.match(head, /\r\nUpgrade: tcp\r\n/);
    assert.match(head, /\r\nContent-Length: 16\r\n/);
    assert.equal(body, '{"Detach":false}');
  });
});

overBoth("bytes that come with the 101 are the first that are read", async (kind) => {
  const script = upgrades("first", async (connection) => {
    await delay(10);
    await connection.write(", second");
    connection.close();
  });
  await withServer(kind, script, async ({ transport }) => {
    const connection = await upgraded(transport);
    assert.deepEqual(await drain(connection.chunks()), { text: "first, second", error: undefined });
    await connection.end();
  });
});

overBoth("a 101 may be split at every byte", async (kind) => {
  const bytes = `${switching}glued`;
  let at = 0;
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write(bytes.slice(0, at));
    await new Promise(setImmediate);
    await connection.write(bytes.slice(at));
    connection.close();
  };
  await withServer(kind, script, async ({ transport }) => {
    for (at = 0; at < bytes.length; at++) {
      const connection = await upgraded(transport);
      assert.deepEqual(await drain(connection.chunks()), { text: "glued", error: undefined }, `split at ${at}`);
      await connection.end();
    }
  });
});

overBoth("after end() the engine's answer can still be read", async (kind) => {
  const script = upgrades("", async (connection) => {
    const sent = await connection.rest();
    await connection.write(`you said ${sent}`);
    connection.close();
  });
  await withServer(kind, script, async ({ server, transport }) => {
    const connection = await upgraded(transport);
    await connection.write(Buffer.from("hel"));
    await connection.write(Buffer.from("lo"));
    await connection.end();
    await connection.end();
    assert.deepEqual(await drain(connection.chunks()), { text: "you said hello", error: undefined });
    await server.clientLeft();
    await delay(20);
    await connection.end();
  });
});

overBoth("after the engine's end bytes can still be sent", async (kind) => {
  let sent = "";
  const script = upgrades("bye", async (connection) => {
    connection.halfClose();
    sent = await connection.rest();
  });
  await withServer(kind, script, async ({ server, transport }) => {
    const connection = await upgraded(transport);
    assert.deepEqual(await drain(connection.chunks()), { text: "bye", error: undefined });
    await delay(20);
    await connection.write(Buffer.from("late"));
    await connection.end();
    await server.clientLeft();
    assert.equal(sent, "late");
  });
});

overBoth("an engine that is silent for long is waited for", async (kind) => {
  const script = upgrades("", async (connection) => {
    await delay(700);
    await connection.write("at last");
    connection.close();
  });
  await withServer(kind, script, async ({ transport }) => {
    const connection = await upgraded(transport, post({ timeouts: { connectMs: 500, headersMs: 500 } }));
    assert.equal((await drain(connection.chunks())).text, "at last");
    await connection.end();
  });
});

for (const [status, bytes] of [
  [200, ok("a proxy")],
  [404, "HTTP/1.1 404 Not Found\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nNo such container: c"],
] as const) {
  overBoth(`${status} instead of 101 is an ordinary answer, and its connection is not used again`, async (kind) => {
    const script = async (connection: RawConnection): Promise<void> => {
      await connection.head();
      await connection.write(bytes);
      if (status === 404) {
        connection.close();
      }
    };
    await withServer(kind, script, async ({ server, transport }) => {
      const answer = await transport.upgrade(post());
      assert.equal(answer.status, status);
      assert.ok("bytes" in answer);
      assert.equal(await read(answer), bytes.slice(bytes.indexOf("\r\n\r\n") + 4));
      await server.clientLeft();
    });
  });
}

overBoth("an upgrade is never made on a pooled connection", async (kind) => {
  const script = async (connection: RawConnection, index: number): Promise<void> => {
    await connection.head();
    await connection.write(index === 0 ? ok("pooled") : switching);
    if (index === 1) {
      connection.close();
    }
  };
  await withServer(kind, script, async ({ server, transport }) => {
    assert.equal(await text(transport, get()), "pooled");
    const connection = await upgraded(transport);
    assert.deepEqual(await drain(connection.chunks()), { text: "", error: undefined });
    await connection.end();
    assert.equal(server.connections.length, 2);
  });
});

overBoth("a connection that is closed before the 101 is a RequestError", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    connection.close();
  };
  await withServer(kind, script, async ({ server, transport }) => {
    await failure(transport.upgrade(get()), RequestError);
    await server.clientLeft();
    assert.equal(server.connections.length, 1);
  });
});

overBoth("a reset is a ResponseError after what had arrived", async (kind) => {
  if (kind === "unix") {
    return; // A Unix socket that is closed looks like one that has ended.
  }
  const script = upgrades("hello", async (connection) => {
    await delay(20);
    connection.reset();
  });
  await withServer(kind, script, async ({ server, transport }) => {
    const connection = await upgraded(transport);
    const { text: received, error } = await drain(connection.chunks());
    assert.equal(received, "hello");
    assert.ok(error instanceof ResponseError);
    assert.equal(error.status, 101);
    assert.equal(error.receivedBytes, 5);
    assert.equal(error.operation, "ContainerStart");
    await assert.rejects(connection.write(Buffer.from("x")), ResponseError);
    await server.clientLeft();
  });
});

overBoth("writing to an engine that has left is a ResponseError", async (kind) => {
  const script = upgrades("", (connection) => connection.close());
  await withServer(kind, script, async ({ server, transport }) => {
    const connection = await upgraded(transport);
    await delay(20);
    const write = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) {
        await connection.write(Buffer.from("x"));
        await delay(5);
      }
    };
    await failure(write(), ResponseError, "ContainerStart");
    connection.destroy();
    await server.clientLeft();
  });
});

overBoth("write() waits for an engine that does not read", async (kind) => {
  const script = upgrades("", async (connection) => {
    connection.socket.pause();
    await delay(150);
    connection.socket.resume();
    await connection.rest();
    connection.close();
  });
  await withServer(kind, script, async ({ transport }) => {
    const connection = await upgraded(transport);
    let written = 0;
    const writing = (async () => {
      for (let i = 0; i < 300; i++) {
        await connection.write(new Uint8Array(64 * 1024));
        written++;
      }
    })();
    await delay(100);
    assert.ok(written < 200, `${written} pieces were accepted`);
    await writing;
    await connection.end();
    await drain(connection.chunks());
  });
});

overBoth("leaving the loop closes the connection, and a second loop throws", async (kind) => {
  const script = upgrades("hello", async (connection) => {
    await connection.rest();
  });
  await withServer(kind, script, async ({ server, transport }) => {
    const connection = await upgraded(transport);
    for await (const chunk of connection.chunks()) {
      assert.equal(Buffer.from(chunk).toString(), "hello");
      break;
    }
    await server.clientLeft();
    assert.throws(() => connection.chunks(), TypeError);
  });
});

overBoth("destroy() ends a pending read with an AbortError", async (kind) => {
  const script = upgrades("", async (connection) => {
    await connection.rest();
  });
  await withServer(kind, script, async ({ server, transport }) => {
    const connection = await upgraded(transport);
    const next = connection.chunks().next();
    connection.destroy();
    await failure(next, AbortError, "ContainerStart");
    await server.clientLeft();
  });
});

overBoth("a 101 that nobody asked for is a RequestError", async (kind) => {
  const script = upgrades("", async (connection) => {
    await connection.rest();
  });
  await withServer(kind, script, async ({ server, transport }) => {
    await failure(transport.request(get()), RequestError);
    await server.clientLeft();
  });
});
