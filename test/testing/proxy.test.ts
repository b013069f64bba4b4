import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Docker, FairleadError } from "../../src/index.ts";
import { type EngineProxy, startEngine, startProxy } from "../../src/testing/index.ts";
import { leakCheck } from "../support/leaks.ts";

/** A server that answers with what it gets, and ends when its client does. */
async function echo(): Promise<AsyncDisposable & { readonly host: string }> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    host: `tcp://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function dial({ host }: EngineProxy): Socket {
  const { hostname, port } = new URL(host);
  return connect({ host: hostname, port: Number(port), allowHalfOpen: true });
}

async function withProxy(body: (proxy: EngineProxy) => Promise<void>): Promise<void> {
  await using server = await echo();
  await using proxy = await startProxy({ target: server.host, listen: "tcp://127.0.0.1:0" });
  await body(proxy);
}

/** What comes back of `0123456789`, and the code of the error that ended it. */
async function send(proxy: EngineProxy, data: string | Uint8Array = "0123456789"): Promise<readonly [string, string?]> {
  const socket = dial(proxy);
  let received = "";
  socket.setEncoding("latin1").on("data", (part: string) => {
    received += part;
  });
  socket.end(data);
  const failed = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    socket.on("error", resolve).on("close", () => resolve(undefined));
  });
  return failed?.code === undefined ? [received] : [received, failed.code];
}

describe("a proxy", () => {
  leakCheck();

  it("passes on each byte and each end, and counts", () =>
    withProxy(async (proxy) => {
      const data = randomBytes(3_000_000);
      const socket = dial(proxy);
      const received = buffer(socket);
      socket.end(data);
      assert.ok((await received).equals(data));
      assert.deepEqual([proxy.bytes, proxy.accepted], [{ sent: data.length, received: data.length }, 1]);
    }));

  it("stands before an engine on a socket of its own, and leaves nothing of it", async () => {
    await using engine = await startEngine();
    const proxy = await startProxy({ target: engine.host });
    await using docker = new Docker({ host: proxy.host });
    assert.equal((await docker.system.ping())["Api-Version"], "1.56");
    assert.ok(proxy.open > 0);
    await proxy.close();
    await assert.rejects(docker.system.ping(), { name: "ConnectError" });
    await assert.rejects(startProxy({ target: engine.host, listen: engine.host }), { code: "EADDRINUSE" });
    await assert.rejects(startProxy({ target: "http://engine" }), TypeError);
  });

  it("closes the connection of a client whose engine cannot be reached", async () => {
    await using proxy = await startProxy({ target: "unix:///nowhere/docker.sock" });
    await using docker = new Docker({ host: proxy.host });
    await assert.rejects(docker.system.ping(), FairleadError);
  });

  for (const at of ["sent", "received"] as const) {
    it(`disturbs what is ${at} after exactly so many bytes`, () =>
      withProxy(async (proxy) => {
        for (const afterBytes of [0, 1, 9, 10]) {
          const [before, after] = ["0123456789".slice(0, afterBytes), "0123456789".slice(afterBytes)];
          proxy.faults.add({}, { kind: "end", at, afterBytes });
          assert.deepEqual(await send(proxy), [before]);
          proxy.faults.add({}, { kind: "insert", at, afterBytes, data: "--" });
          assert.deepEqual(await send(proxy), [`${before}--${after}`]);
          proxy.faults.add({}, { kind: "trickle", at, afterBytes });
          assert.deepEqual(await send(proxy), ["0123456789"]);
        }
        const never = proxy.faults.add({}, { kind: "end", at, afterBytes: 11 });
        assert.deepEqual([await send(proxy), never.hits], [["0123456789"], 1]);
      }));

    it(`stalls what is ${at} until it is released, or for a while`, () =>
      withProxy(async (proxy) => {
        const fault = proxy.faults.add({}, { kind: "stall", at, afterBytes: 4 });
        const sending = send(proxy);
        while (proxy.bytes[at] < 4) await delay(1);
        await delay(20);
        assert.equal(proxy.bytes[at], 4);
        fault.release();
        assert.deepEqual(await sending, ["0123456789"]);
        proxy.faults.add({}, { kind: "stall", at, ms: 40 });
        const began = performance.now();
        await send(proxy);
        assert.ok(performance.now() - began >= 39);
      }));

    it(`holds back what is ${at} while it is suspended`, () =>
      withProxy(async (proxy) => {
        proxy.suspend(at);
        const sending = send(proxy);
        const sent = at === "sent" ? 0 : 10;
        while (proxy.bytes.sent < sent) await delay(1);
        await delay(30);
        assert.deepEqual(proxy.bytes, { sent, received: 0 });
        proxy.resume();
        assert.deepEqual(await sending, ["0123456789"]);
      }));
  }

  it("resets connections", () =>
    withProxy(async (proxy) => {
      proxy.faults.add({}, { kind: "reset", at: "received", afterBytes: 3 });
      assert.deepEqual(await send(proxy), ["012", "ECONNRESET"]);
      proxy.faults.add({}, { kind: "reset", at: "connect" });
      assert.equal((await send(proxy))[0], "");
    }));

  it("strikes the connections that are meant, and no more when it is removed", () =>
    withProxy(async (proxy) => {
      const fault = proxy.faults.add({ nth: 2, times: 2 }, { kind: "end", at: "connect" });
      const answers = [];
      for (let round = 0; round < 4; round += 1) answers.push((await send(proxy))[0]);
      assert.deepEqual(answers, ["0123456789", "", "", "0123456789"]);
      assert.equal(fault.hits, 2);
      using removed = proxy.faults.add({ times: Number.POSITIVE_INFINITY }, { kind: "end", at: "connect" });
      assert.equal((await send(proxy))[0], "");
      removed.remove();
      assert.deepEqual(await send(proxy), ["0123456789"]);
      assert.throws(() => proxy.faults.add({}, { kind: "end", at: "sent", afterBytes: -1 }), RangeError);
    }));

  it("cuts what is open, also while it is suspended or stalled", async () => {
    for (const disturb of [
      () => {},
      (proxy: EngineProxy) => proxy.suspend(),
      (proxy: EngineProxy) => void proxy.faults.add({}, { kind: "stall", at: "sent" }),
      (proxy: EngineProxy) => void proxy.faults.add({}, { kind: "stall", at: "connect" }),
    ]) {
      await withProxy(async (proxy) => {
        disturb(proxy);
        const socket = dial(proxy);
        socket.on("error", () => {});
        socket.write("0123456789");
        while (proxy.open === 0) await delay(1);
        await delay(10);
        const received = text(socket).catch(() => "");
        proxy.cut();
        assert.ok("0123456789".startsWith(await received));
        socket.destroy();
        while (proxy.open > 0) await delay(1);
      });
    }
  });
});
