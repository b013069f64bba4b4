import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { leakCheck } from "../support/leaks.ts";
import type { RawConnection } from "../support/raw-server.ts";
import { drain, get, ok, overBoth, post, read, text, withServer } from "./harness.ts";

leakCheck();

const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
const answers = {
  "a length": ok("hello world", "X-A: 1\r\n"),
  chunks: chunked,
  "informational answers before": `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n${chunked}`,
};

for (const [name, bytes] of Object.entries(answers)) {
  overBoth(`an answer with ${name} may be split at every byte`, async (kind) => {
    let at = 0;
    const script = async (connection: RawConnection): Promise<void> => {
      for (;;) {
        await connection.head();
        await connection.write(bytes.slice(0, at));
        await new Promise(setImmediate);
        await connection.write(bytes.slice(at));
      }
    };
    await withServer(kind, script, async ({ server, transport }) => {
      for (at = 0; at < bytes.length; at++) {
        const response = await transport.request(get());
        assert.equal(response.status, 200);
        assert.equal(response.headers["x-a"], "1");
        const body = at % 2 === 0 ? await read(response) : (await drain(response.chunks())).text;
        assert.equal(body, "hello world", `split at ${at}`);
      }
      assert.equal(server.connections.length, 1);
    });
  });
}

overBoth("an answer without a length ends when the engine closes", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\nNo such container");
    connection.close();
  };
  await withServer(kind, script, async ({ server, transport }) => {
    const response = await transport.request(get());
    assert.equal(response.status, 404);
    assert.equal(await read(response), "No such container");
    await server.clientLeft();
  });
});

const bodiless = [
  ["HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"],
  ["GET", "HTTP/1.1 204 No Content\r\n\r\n"],
  ["POST", "HTTP/1.1 304 Not Modified\r\n\r\n"],
] as const;
for (const [method, bytes] of bodiless) {
  overBoth(`${method} ${bytes.slice(9, 12)} frees its connection without being read`, async (kind) => {
    const script = async (connection: RawConnection): Promise<void> => {
      for (;;) {
        await connection.head();
        await connection.write(bytes);
      }
    };
    await withServer(kind, script, async ({ server, transport }) => {
      const unread = await transport.request(get({ method }));
      await new Promise(setImmediate);
      const second = await transport.request(get({ method }));
      assert.equal(await read(second), "");
      assert.deepEqual(await drain(unread.chunks()), { text: "", error: undefined });
      assert.equal(server.connections.length, 1);
    });
  });
}

overBoth("an empty body is empty in both views", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    for (;;) {
      await connection.head();
      await connection.write(ok());
    }
  };
  await withServer(kind, script, async ({ transport }) => {
    assert.equal(await text(transport, get()), "");
    const response = await transport.request(get());
    assert.deepEqual(await drain(response.chunks()), { text: "", error: undefined });
  });
});

overBoth("the path, the query and the headers are sent exactly as given", async (kind) => {
  let head = "";
  const script = async (connection: RawConnection): Promise<void> => {
    head = await connection.head();
    await connection.write(ok());
  };
  await withServer(kind, script, async ({ server, transport }) => {
    const headers = { "X-Registry-Auth": "e30=", Accept: "application/json" };
    await text(transport, get({ path: "/v1.51/../a//b/./%2e%2e/c:d@e", query: "?q=%20&q=http://x/", headers }));
    const [line, ...fields] = head.trimEnd().split("\r\n");
    assert.equal(line, "GET /v1.51/../a//b/./%2e%2e/c:d@e?q=%20&q=http://x/ HTTP/1.1");
    assert.deepEqual(fields, [
      `Host: ${server.dialer.host}`,
      "X-Registry-Auth: e30=",
      "Accept: application/json",
      "Connection: keep-alive",
    ]);
  });
});

overBoth("a POST without a body says that its length is 0", async (kind) => {
  let head = "";
  const script = async (connection: RawConnection): Promise<void> => {
    head = await connection.head();
    await connection.write("HTTP/1.1 204 No Content\r\n\r\n");
  };
  await withServer(kind, script, async ({ transport }) => {
    await text(transport, post());
    assert.match(head, /\r\nContent-Length: 0\r\n/);
    assert.doesNotMatch(head, /transfer-encoding/i);
  });
});

overBoth("a redirect is an answer like any other", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write("HTTP/1.1 301 Moved\r\nLocation: /elsewhere\r\nContent-Length: 2\r\n\r\nno");
    await connection.head().then(() => connection.write(ok("followed")));
  };
  await withServer(kind, script, async ({ transport }) => {
    const response = await transport.request(get());
    assert.equal(response.status, 301);
    assert.equal(response.headers["location"], "/elsewhere");
    assert.equal(await read(response), "no");
  });
});

overBoth("repeated headers keep all their values", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    await connection.head();
    await connection.write(ok("", "X-A: 1\r\nX-A: 2\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nApi-Version: 1.51\r\n"));
  };
  await withServer(kind, script, async ({ transport }) => {
    const { headers } = await transport.request(get());
    assert.equal(headers["x-a"], "1, 2");
    assert.deepEqual(headers["set-cookie"], ["a", "b"]);
    assert.equal(headers["api-version"], "1.51");
  });
});

overBoth("requests one after the other share a connection, and requests at once do not", async (kind) => {
  const script = async (connection: RawConnection): Promise<void> => {
    for (;;) {
      await connection.head();
      await connection.write(ok("x"));
    }
  };
  await withServer(kind, script, async ({ server, transport }) => {
    for (let i = 0; i < 20; i++) {
      assert.equal(await text(transport, get()), "x");
    }
    assert.equal(server.connections.length, 1);
    await Promise.all(Array.from({ length: 20 }, () => text(transport, get())));
    assert.equal(server.connections.length, 20);
  });
});

test("what an engine sends between two answers is not taken for the next answer", async () => {
  // Node 20 drops such bytes, newer versions drop the connection.
  const answers = ["first", "second"];
  let strayed = (): void => {};
  const stray = new Promise<void>((resolve) => {
    strayed = resolve;
  });
  const script = async (connection: RawConnection): Promise<void> => {
    for (;;) {
      await connection.head();
      await connection.write(ok(answers.shift()));
      await delay(20);
      await connection.write(ok("stray"));
      strayed();
    }
  };
  await withServer("unix", script, async ({ transport }) => {
    assert.equal(await text(transport, get()), "first");
    await stray;
    await delay(40);
    assert.equal(await text(transport, get()), "second");
  });
});
