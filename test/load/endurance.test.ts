import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Docker, FairleadError } from "../../src/index.ts";
import { leakCheck, liveResources } from "../support/leaks.ts";
import { heapBytes } from "../support/memory.ts";
import { BusyEngine, idOf, sendJson } from "./busy-engine.ts";

leakCheck();

const restartEveryMs = 200;
const restartForMs = 30_000;

test("an engine that restarts all the time loses no call silently and does none twice", {
  timeout: 600_000,
}, async () => {
  const done = new Map<string, number>();
  await using engine = await BusyEngine.start((request, response) => {
    const id = idOf(request);
    done.set(id, (done.get(id) ?? 0) + 1);
    setTimeout(() => {
      request.method === "POST" ? response.writeHead(204).end() : sendJson(response, { Id: id });
    }, Math.random() * 10);
  });
  await using docker = new Docker({ host: engine.host, apiVersion: "1.51" });
  const until = performance.now() + restartForMs;
  const results = await Promise.all([
    restart(engine, until),
    ...Array.from({ length: 50 }, (_, caller) => call(docker, caller, until)),
  ]);
  const calls = results.flat();
  assert.ok(calls.length > 1_000, `${calls.length} calls were made`);
  assert.ok(
    calls.some(({ failed }) => failed),
    "the restarts were felt",
  );
  for (const { id, failed } of calls) {
    const times = done.get(id) ?? 0;
    assert.ok(failed || times > 0, `${id} succeeded without being done`);
    assert.ok(times <= (id.startsWith("get") ? 2 : 1), `${id} was done ${times} times`);
  }
  assert.equal((await docker.containers.inspect("after")).Id, "after");
});

interface Made {
  readonly id: string;
  readonly failed: boolean;
}

async function restart(engine: BusyEngine, until: number): Promise<Made[]> {
  while (performance.now() < until) {
    await delay(restartEveryMs);
    await engine.stop();
    await engine.start();
  }
  return [];
}

async function call(docker: Docker, caller: number, until: number): Promise<Made[]> {
  const made: Made[] = [];
  while (performance.now() < until) {
    const isGet = made.length % 2 === 0;
    const id = `${isGet ? "get" : "post"}-${caller}-${made.length}`;
    const promise: Promise<unknown> = isGet ? docker.containers.inspect(id) : docker.containers.start(id);
    const error = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error === undefined || error instanceof FairleadError, `${id}: ${String(error)}`);
    made.push({ id, failed: error !== undefined });
    await delay(5);
  }
  return made;
}

test("50,000 calls leave nothing behind", { timeout: 600_000 }, async () => {
  await using engine = await BusyEngine.start((request, response) => {
    const isThere = idOf(request) !== "none";
    sendJson(response, isThere ? { Id: "c" } : { message: "No such container: none" }, isThere ? 200 : 404);
  });
  await using docker = new Docker({ host: engine.host, apiVersion: "1.51" });
  const { signal } = new AbortController();
  await makeCalls(docker, signal, 5_000);
  const [heapBefore, resourcesBefore] = [heapBytes(), liveResources()];
  await makeCalls(docker, signal, 45_000);
  const grown = heapBytes() - heapBefore;
  assert.ok(grown < 2 * 1024 * 1024, `the heap has grown by ${grown} bytes`);
  assert.equal(getEventListeners(signal, "abort").length, 0);
  assert.deepEqual([...liveResources()], [...resourcesBefore]);
});

async function makeCalls(docker: Docker, signal: AbortSignal, count: number): Promise<void> {
  for (let made = 0; made < count; made += 50) {
    const calls = Array.from({ length: 50 }, (_, index) => {
      const id = index % 10 === 0 ? "none" : "c";
      return docker.containers.inspect(id, { signal }).outcome();
    });
    const kinds = (await Promise.all(calls)).map(({ kind }) => kind);
    assert.equal(kinds.filter((kind) => kind === "NoSuchContainer").length, 5);
  }
}
