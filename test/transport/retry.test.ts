import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { ConnectError } from "../../src/errors/connect-error.ts";
import { RequestError } from "../../src/errors/request-error.ts";
import type { Connection } from "../../src/transport/dial/dialer.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import { leakCheck } from "../support/leaks.ts";
import { noting, type RawConnection, type Script } from "../support/raw-server.ts";
import { failure, get, ok, overBoth, post, text, withServer } from "./harness.ts";

leakCheck();

/** The first connections answer once and die on their second request; the others live. */
function dies(connections: number, partly: string = ""): Script {
  return async (connection, index) => {
    await connection.head();
    await connection.write(ok(`${index}`));
    await connection.head();
    if (index < connections) {
      await connection.write(partly);
      connection.close();
    } else {
      await connection.write(ok("again"));
    }
  };
}

overBoth("a repeatable request on a pooled connection that died is sent again on a fresh one", async (kind) => {
  await withServer(kind, dies(1), async ({ server, transport }) => {
    assert.equal(await text(transport, get()), "0");
    assert.equal(await text(transport, get()), "1");
    assert.equal(server.connections.length, 2);
    await server.clientLeft(1);
  });
});

overBoth("all idle connections are dropped when one of them turns out dead", async (kind) => {
  await withServer(kind, dies(5), async ({ server, transport }) => {
    await Promise.all(Array.from({ length: 5 }, () => text(transport, get())));
    assert.equal(server.connections.length, 5);
    assert.equal(await text(transport, get()), "5");
    assert.equal(server.connections.length, 6);
    await server.clientLeft(1);
  });
});

overBoth("a request that is not repeatable and that the engine may have read is not sent again", async (kind) => {
  await withServer(kind, dies(1), async ({ server, transport }) => {
    assert.equal(await text(transport, post()), "0");
    await failure(text(transport, post({ body: "{}" })), RequestError, "ContainerStart");
    assert.equal(server.connections.length, 1);
    await server.clientLeft();
  });
});

overBoth("an answer that had begun is not asked for again", async (kind) => {
  await withServer(kind, dies(1, "H"), async ({ server, transport }) => {
    assert.equal(await text(transport, get()), "0");
    await failure(text(transport, get()), RequestError);
    assert.equal(server.connections.length, 1);
  });
});

overBoth("a request is sent twice at most", async (kind) => {
  const script = async (connection: RawConnection, index: number): Promise<void> => {
    await connection.head();
    if (index === 0) {
      await connection.write(ok("0"));
      await connection.head();
    }
    connection.close();
  };
  await withServer(kind, script, async ({ server, transport }) => {
    assert.equal(await text(transport, get()), "0");
    await failure(text(transport, get()), RequestError);
    assert.equal(server.connections.length, 2);
    await server.clientLeft();
  });
});

overBoth(
  "a pooled connection that was closed while idle is not used, even for what must not be sent twice",
  async (kind) => {
    const script = async (connection: RawConnection, index: number): Promise<void> => {
      await connection.head();
      await connection.write(ok(`${index}`));
      connection.close();
    };
    await withServer(kind, script, async ({ server, transport }) => {
      assert.equal(await text(transport, post()), "0");
      await delay(20);
      assert.equal(await text(transport, post()), "1");
      assert.equal(server.connections.length, 2);
    });
  },
);

overBoth(
  "a write that fails because the engine had closed is sent again, even if it is not repeatable",
  async (kind) => {
    if (kind === "tcp") {
      return; // The first write to a TCP peer that has left succeeds, so nothing is proved.
    }
    const script = async (connection: RawConnection, index: number): Promise<void> => {
      await connection.head();
      await connection.write(ok(`${index}`));
    };
    await withServer(kind, script, async ({ server, transport }) => {
      assert.equal(await text(transport, post()), "0");
      // Closed in the same turn in which the request is written: the client cannot have noticed.
      server.connections[0]?.socket.destroy();
      assert.equal(await text(transport, post()), "1");
      assert.equal(server.connections.length, 2);
    });
  },
);

overBoth("a streamed body always gets a fresh connection", async (kind) => {
  const script = async (connection: RawConnection, index: number): Promise<void> => {
    await connection.head();
    await connection.write(ok(`${index}`));
    if (index === 0) {
      await connection.head();
      connection.close();
    } else {
      await connection.rest();
    }
  };
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("hello");
  }
  await withServer(kind, script, async ({ server, transport }) => {
    assert.equal(await text(transport, get()), "0");
    assert.equal(await text(transport, post({ body: body() })), "1");
    await server.clientLeft(1);
  });
});

overBoth("an engine that stopped is a ConnectError on the second attempt", async (kind) => {
  await withServer(kind, dies(1), async ({ server, transport }) => {
    assert.equal(await text(transport, get()), "0");
    server.stop();
    const error = await failure(text(transport, get()), ConnectError);
    assert.equal(error.attempts.length, 1);
    assert.equal(error.attempts[0]?.endpoint, server.dialer.endpoint);
  });
});

overBoth(
  "a pooled connection that is destroyed when it is taken is replaced, even for what must not be sent twice",
  async (kind) => {
    const script = async (connection: RawConnection): Promise<void> => {
      for (;;) {
        await connection.head();
        await connection.write(ok("x"));
      }
    };
    await withServer(kind, script, async ({ server }) => {
      const made: Connection[] = [];
      const transport = createHttpTransport(noting(server.dialer, made));
      await Promise.all([text(transport, get()), text(transport, get())]);
      made[1]?.destroy();
      assert.equal(await text(transport, post()), "x");
      assert.equal(made.length, 3);
      await transport.close();
    });
  },
);
