import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import { Duplex, PassThrough } from "node:stream";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { ConnectError, Docker, InvalidRequestError, TimeoutError } from "../../src/index.ts";
import { customDialer, type Dial } from "../../src/transport/dial/custom.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { leakCheck } from "../support/leaks.ts";
import { RawServer, type Script } from "../support/raw-server.ts";
import { drain, failure, get, ok, post, text } from "./harness.ts";

leakCheck();

function transportBy(dial: Dial): Transport {
  return createHttpTransport(customDialer({ dial, address: "my tunnel", source: "the option dial" }));
}

/** Ways to return the same connection. */
const forms: Readonly<Record<string, (path: string) => Duplex | Promise<Duplex>>> = {
  "a socket that is connecting": (path) => connect({ path }),
  "a promise of a socket that is open": (path) =>
    new Promise((resolve) => {
      const socket = connect({ path }, () => resolve(socket));
    }),
  "a stream that is no socket": (path) => {
    const socket = connect({ path, allowHalfOpen: true });
    const [readable, writable] = [new PassThrough(), new PassThrough()];
    writable.pipe(socket).pipe(readable);
    return Duplex.from({ readable, writable }).on("close", () => socket.destroy());
  },
};

async function withServer(script: Script, body: (path: string) => Promise<void>): Promise<void> {
  await using server = await RawServer.listen("unix", script);
  await body(server.dialer.endpoint.slice("unix://".length));
}

for (const [name, dial] of Object.entries(forms)) {
  test(`${name} serves several requests`, async () => {
    let dialled = 0;
    const script: Script = async (connection) => {
      for (let i = 0; i < 3; i += 1) {
        assert.match(await connection.head(), /\r\nHost: localhost\r\n/);
        await connection.write(ok(`${i}`));
      }
    };
    await withServer(script, async (path) => {
      const transport = transportBy(() => {
        dialled += 1;
        return dial(path);
      });
      const answers = [await text(transport, get()), await text(transport, get()), await text(transport, get())];
      assert.deepEqual([answers, dialled], [["0", "1", "2"], 1]);
      await transport.close();
    });
  });

  test(`${name} can be upgraded and half closed`, async () => {
    const script: Script = async (connection) => {
      await connection.head();
      await connection.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhi ");
      await connection.write(await connection.rest());
      connection.close();
    };
    await withServer(script, async (path) => {
      const transport = transportBy(() => dial(path));
      const connection = await transport.upgrade(post());
      assert.ok("write" in connection);
      await connection.write(Buffer.from("there"));
      await connection.end();
      assert.deepEqual(await drain(connection.chunks()), { text: "hi there", error: undefined });
      await transport.close();
    });
  });
}

test("a function that fails is a ConnectError that names the way, at once or later", async () => {
  const failing: Dial[] = [
    () => {
      throw new Error("no tunnel");
    },
    () => Promise.reject(new Error("no tunnel")),
  ];
  for (const dial of failing) {
    const transport = transportBy(dial);
    const error = await failure(transport.request(get()), ConnectError);
    assert.match(error.message, /^Cannot reach a Docker engine at my tunnel \(the option dial\): no tunnel/);
    await transport.close();
  }
});

test("a socket that cannot connect is a ConnectError", async () => {
  const transport = transportBy(() => connect({ path: "/nowhere/engine.sock" }));
  const error = await failure(transport.request(get()), ConnectError);
  assert.equal(error.attempts[0]?.code, "ENOENT");
  await transport.close();
});

test("what is not a two-way stream is a ConnectError", async () => {
  for (const wrong of [undefined, "socket", { write() {} }]) {
    // What callers do who have no types.
    const transport = transportBy(() => wrong as unknown as Duplex);
    const error = await failure(transport.request(get()), ConnectError);
    assert.match(error.message, /the function dial did not return a two-way stream/);
    await transport.close();
  }
});

test("the function learns of an abort, and a stream that comes too late is destroyed", async () => {
  await using docker = new Docker({
    timeouts: { connectMs: 50 },
    dial: async (signal) => {
      asked = signal;
      await delay(100);
      late = new PassThrough();
      return late;
    },
  });
  let asked: AbortSignal | undefined;
  let late: Duplex | undefined;
  await assert.rejects(docker.system.version(), TimeoutError);
  assert.equal(asked?.aborted, true);
  await delay(150);
  assert.equal(late?.destroyed, true);
});

test("a stream that breaks while it is idle is not used again", async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("data", () => socket.write(ok("hello"))).on("error", () => {});
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const transport = transportBy(() => connect(server.address() as { port: number; host?: string })); // it has a port
  assert.equal(await text(transport, get()), "hello");
  sockets[0]?.resetAndDestroy();
  await delay(20);
  assert.equal(await text(transport, get()), "hello");
  assert.equal(sockets.length, 2);
  await transport.close();
  await new Promise((resolve) => server.close(resolve));
});

test("what contradicts a function that dials is refused", () => {
  const dial: Dial = () => new PassThrough();
  assert.throws(() => new Docker({ dial, context: "other" }), InvalidRequestError);
  assert.throws(() => new Docker({ dial, tls: {} }), InvalidRequestError);
  assert.throws(() => new Docker({ dial: "tunnel" as unknown as Dial }), /dial must be a function/); // no types
});
