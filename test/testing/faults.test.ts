import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Docker, FairleadError, RequestError, ResponseError } from "../../src/index.ts";
import {
  type AddedFault,
  type EmbeddedEngine,
  type Fault,
  type Program,
  startEngine,
} from "../../src/testing/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { exchange } from "./raw-exchange.ts";

const speaker: Program = async ({ stdout }) => {
  await stdout.write("0123456789\n");
};

async function withEngine(body: (engine: EmbeddedEngine, docker: Docker) => Promise<void>): Promise<void> {
  await using engine = await startEngine({ tcp: true });
  engine.image("speaker", speaker);
  await using docker = new Docker({ host: engine.host });
  await body(engine, docker);
}

/** What a client reads that asks for the version, and how its connection ended. */
function ask(engine: EmbeddedEngine, path = "/_ping"): Promise<{ text: string; error?: string | undefined }> {
  return exchange(engine.tcpHost ?? "", `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
}

async function hit(fault: AddedFault, times: number): Promise<void> {
  while (fault.hits < times) {
    await new Promise(setImmediate);
  }
}

describe("a fault of an embedded engine", () => {
  leakCheck();

  for (const host of ["host", "tcpHost"] as const) {
    for (const kind of ["reset", "end"] as const) {
      for (const [at, error] of [
        ["connect", FairleadError],
        ["request", RequestError],
        ["answer", RequestError],
        ["headers", RequestError],
        ["body", ResponseError],
      ] as const) {
        it(`breaks off by "${kind}" at "${at}" on ${host}, once, and then all is as before`, () =>
          withEngine(async (engine) => {
            await using docker = new Docker({ host: engine[host], apiVersion: "1.44" });
            const fault = engine.faults.add({}, { kind, at });
            await assert.rejects(docker.networks.create({ Name: "net" }), error);
            assert.equal(fault.hits, 1);
            const { length } = await docker.networks.list({ filters: { name: ["net"] } });
            assert.equal(length, at === "connect" || at === "request" ? 0 : 1, "networks");
          }));
      }
    }
  }

  it("resets a connection of the loopback so that its client sees it", () =>
    withEngine(async (engine) => {
      engine.faults.add({}, { kind: "reset", at: "headers" });
      assert.equal((await ask(engine)).error, "ECONNRESET");
      engine.faults.add({}, { kind: "end", at: "headers" });
      assert.equal((await ask(engine)).error, undefined);
    }));

  it("strikes after exactly so many bytes of the headers", () =>
    withEngine(async (engine) => {
      for (const afterBytes of [1, 8, 17]) {
        engine.faults.add({}, { kind: "end", at: "headers", afterBytes });
        assert.equal((await ask(engine)).text, "HTTP/1.1 200 OK\r\n".slice(0, afterBytes));
      }
    }));

  it("strikes after exactly so many bytes of a body, without the framing of chunks", () =>
    withEngine(async (engine, docker) => {
      const { Id } = await docker.containers.create({ Image: "speaker", Tty: true });
      await docker.containers.start(Id);
      await docker.containers.wait(Id);
      for (const [afterBytes, text] of [
        [0, ""],
        [1, "0"],
        [11, "0123456789\r"],
        [12, "0123456789\r\n"],
      ] as const) {
        engine.faults.add({}, { kind: "end", at: "body", afterBytes });
        const logs = await ask(engine, `/containers/${Id}/logs?stdout=1`);
        const body = logs.text.slice(logs.text.indexOf("\r\n\r\n") + 4);
        assert.equal(body, text === "" ? "" : `${afterBytes.toString(16)}\r\n${text}\r\n`);
      }
    }));

  it("trickles an answer byte by byte, and leaves the connection usable", () =>
    withEngine(async (engine, docker) => {
      const fault = engine.faults.add({ operation: "ContainerList", times: 2 }, { kind: "trickle", at: "answer" });
      const expected = await docker.system.version();
      for (let round = 0; round < 2; round += 1) {
        await docker.containers.list();
        assert.deepEqual(await docker.system.version(), expected);
      }
      assert.equal(fault.hits, 2);
    }));

  it("stalls until it is released", () =>
    withEngine(async (engine, docker) => {
      for (const at of ["connect", "request", "answer", "headers", "body"] as const) {
        using fault = engine.faults.add({}, { kind: "stall", at });
        const asked = ask(engine);
        await hit(fault, 1);
        const early = await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 30, "nothing"))]);
        assert.equal(early, "nothing", at);
        fault.release();
        assert.match((await asked).text, /^HTTP\/1.1 200 OK\r\n.*\r\n\r\nOK$/s);
      }
      assert.equal((await docker.system.ping())["Ostype"], "linux");
    }));

  it("stalls for a while", () =>
    withEngine(async (engine) => {
      engine.faults.add({}, { kind: "stall", at: "body", afterBytes: 1, ms: 50 });
      const began = performance.now();
      assert.match((await ask(engine)).text, /\r\n\r\nOK$/);
      assert.ok(performance.now() - began >= 49);
    }));

  it("that stalls ends with the engine, and with a client that leaves", async () => {
    for (const at of ["connect", "request", "answer", "body"] as const) {
      const engine = await startEngine();
      const fault = engine.faults.add({ times: 2 }, { kind: "stall", at });
      await using docker = new Docker({ host: engine.host, apiVersion: "1.44" });
      const leaving = new AbortController();
      const left = assert.rejects(docker.containers.list({ signal: leaving.signal }), { name: "AbortError" });
      await hit(fault, 1);
      leaving.abort();
      await left;
      const stalled = assert.rejects(docker.containers.list(), FairleadError);
      await hit(fault, 2);
      await engine.close();
      await stalled;
      assert.equal(fault.hits, 2);
    }
  });

  it("that was released before its stall begins does not stall", () =>
    withEngine(async (engine, docker) => {
      const hold = engine.faults.add({}, { kind: "stall", at: "request" });
      const fault = engine.faults.add({}, { kind: "stall", at: "body" });
      const listing = docker.networks.list();
      await hit(fault, 1);
      fault.release();
      hold.release();
      await listing;
    }));

  it("strikes only what its rule names", () =>
    withEngine(async (engine, docker) => {
      const fault: Fault = { kind: "answer", status: 500, body: { message: "out of order" } };
      const failing = { message: /out of order/ };
      using operation = engine.faults.add({ operation: "ContainerList", nth: 2, times: 2 }, fault);
      await docker.containers.list();
      await assert.rejects(docker.containers.list(), failing);
      await assert.rejects(docker.containers.list(), failing);
      await docker.containers.list();
      assert.equal(operation.hits, 2);
      engine.faults.add({ path: "/networks/bridge" }, fault);
      engine.faults.add({ path: /^\/networks\?.*nosuch/ }, fault);
      await docker.networks.list();
      await assert.rejects(docker.networks.list({ filters: { name: ["nosuch"] } }), failing);
      await assert.rejects(docker.networks.inspect("bridge"), failing);
      const removed = engine.faults.add({ times: Number.POSITIVE_INFINITY }, fault);
      await assert.rejects(docker.containers.list(), failing);
      removed.remove();
      await docker.containers.list();
      engine.faults.add({}, fault);
      engine.faults.clear();
      await docker.containers.list();
    }));

  it("is refused when it can strike nothing", () =>
    withEngine(async ({ faults }) => {
      const fault: Fault = { kind: "reset", at: "connect" };
      assert.throws(() => faults.add({ operation: "ContainerList" }, fault), RangeError);
      assert.throws(() => faults.add({ nth: 0 }, fault), RangeError);
      assert.throws(() => faults.add({ times: 0 }, fault), RangeError);
      assert.throws(() => faults.add({}, { kind: "reset", at: "body", afterBytes: -1 }), RangeError);
    }));

  it("puts bytes into answers of every kind", () =>
    withEngine(async (engine, docker) => {
      engine.faults.add({}, { kind: "insert", at: "body", afterBytes: 1, data: "-" });
      assert.match((await ask(engine)).text, /Content-Length: 3\r\n\r\nO-K$/);
      engine.faults.add({}, { kind: "insert", at: "answer", data: "garbage\r\n" });
      assert.match((await ask(engine)).text, /^garbage\r\nHTTP/);
      const { Id } = await docker.containers.create({ Image: "speaker", Tty: true });
      await docker.containers.start(Id);
      await docker.containers.wait(Id);
      for (const [afterBytes, expected] of [
        [0, "-0123456789\r\n"],
        [4, "0123-456789\r\n"],
        [Number.POSITIVE_INFINITY, "0123456789\r\n-"],
      ] as const) {
        engine.faults.add({ operation: "ContainerLogs" }, { kind: "insert", at: "body", afterBytes, data: "-" });
        assert.equal(await docker.containers.logs(Id).text(), expected);
      }
    }));

  it("strikes the streams of upgraded connections", () =>
    withEngine(async (engine, docker) => {
      engine.faults.add({ operation: "ContainerAttach" }, { kind: "reset", at: "body", afterBytes: 12 });
      await assert.rejects(docker.containers.run({ Image: "speaker" }), FairleadError);
      engine.faults.add({ operation: "ContainerAttach" }, { kind: "trickle", at: "body" });
      assert.equal((await docker.containers.run({ Image: "speaker" })).stdout, "0123456789\n");
    }));

  it("may be several at once", () =>
    withEngine(async (engine) => {
      engine.faults.add({}, { kind: "trickle", at: "answer" });
      engine.faults.add({}, { kind: "insert", at: "headers", afterBytes: 9, data: "5" });
      engine.faults.add({}, { kind: "end", at: "headers", afterBytes: 12 });
      assert.equal((await ask(engine)).text, "HTTP/1.1 5200");
    }));
});
