import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Docker } from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { collectGarbage, usedBytes } from "../support/memory.ts";
import { BusyEngine, idOf, sendJson } from "./busy-engine.ts";

leakCheck();

test("2,000 calls at once over one client each get their own answer", { timeout: 600_000 }, async () => {
  await using engine = await BusyEngine.start((request, response) => {
    setTimeout(() => sendJson(response, { Id: idOf(request) }), Math.random() * 50);
  });
  await using docker = new Docker({ host: engine.host, apiVersion: "1.51" });
  const ids = Array.from({ length: 2_000 }, (_, index) => `c${index}`);
  const answers = await Promise.all(ids.map((id) => docker.containers.inspect(id)));
  assert.deepEqual(
    answers.map(({ Id }) => Id),
    ids,
  );
});

const logStreams = 500;
const framesOfEach = 64;
const limitBytes = 64 * 1024 * 1024;
const frame = Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0x10, 0]), Buffer.alloc(4096, "x")]);

test("of 500 followed logs a slow one holds back no other, nor fills the memory", { timeout: 600_000 }, async () => {
  let sentToSlow = 0;
  await using engine = await BusyEngine.start((request, response) => {
    response.writeHead(200, { "Content-Type": "application/vnd.docker.multiplexed-stream" });
    const isSlow = idOf(request) === "slow";
    void sendFrames(response, isSlow ? Number.POSITIVE_INFINITY : framesOfEach, () => {
      sentToSlow += isSlow ? frame.length : 0;
    });
  });
  await using docker = new Docker({ host: engine.host, apiVersion: "1.51" });
  const before = usedBytes();
  let peak = 0;
  const sampler = setInterval(() => {
    if (usedBytes() - before > limitBytes) {
      collectGarbage();
    }
    peak = Math.max(peak, usedBytes() - before);
  }, 10);
  const slow = await docker.containers.logs("slow", { follow: true });
  await slow.next();
  const fast = Array.from({ length: logStreams - 1 }, (_, index) => countBytes(docker, `c${index}`));
  const counts = await Promise.all(fast).finally(() => clearInterval(sampler));
  assert.deepEqual([...new Set(counts)], [framesOfEach * 4096]);
  assert.ok(sentToSlow < 2 * 1024 * 1024, `the slow reader was sent ${sentToSlow} bytes`);
  assert.ok(peak < limitBytes, `${peak} bytes were held`);
  await slow.close();
});

async function sendFrames(response: ServerResponse, count: number, sent: () => void): Promise<void> {
  for (let i = 0; i < count && !response.destroyed; i += 1) {
    sent();
    if (!response.write(frame)) {
      await new Promise<void>((resolve) => response.once("drain", resolve).once("close", resolve));
      response.removeAllListeners("drain");
    }
    await new Promise(setImmediate);
  }
  response.end();
}

async function countBytes(docker: Docker, id: string): Promise<number> {
  let bytes = 0;
  for await (const { data } of docker.containers.logs(id, { follow: true })) {
    bytes += data.length;
  }
  return bytes;
}

/** Ten minutes with ten events a second. */
const began = 1_700_000_000;
const events = Array.from({ length: 6_000 }, (_, index) => {
  const [time, nanos] = [began + Math.floor(index / 10), String((index % 10) * 100_000_000).padStart(9, "0")];
  const text = `{"Type":"container","Action":"start","scope":"local","Actor":{"ID":"e${index}"}`;
  return { at: BigInt(`${time}${nanos}`), line: `${text},"time":${time},"timeNano":${time}${nanos}}\n` };
});

test("ten minutes of events arrive once each and in order, whatever breaks off", { timeout: 600_000 }, async () => {
  let connections = 0;
  await using engine = await BusyEngine.start((request, response) => {
    connections += 1;
    const since = new URL(request.url ?? "", "http://engine").searchParams.get("since") ?? "0";
    const [seconds = "0", nanos = ""] = since.split(".");
    const from = BigInt(`${seconds}${nanos.padEnd(9, "0")}`);
    const rest = events.filter(({ at }) => at >= from).map(({ line }) => line);
    response.writeHead(200, { "Content-Type": "application/jsonl" });
    // Breaks off anywhere, most often inside a line.
    const bytes = rest.join("").slice(0, 60_000 + ((connections * 7_919) % 4_001));
    response.write(bytes, () => void delay(5).then(() => response.destroy()));
  });
  await using docker = new Docker({ host: engine.host, apiVersion: "1.51" });
  const ids: string[] = [];
  for await (const { Actor } of docker.system.events({ since: began, resume: true })) {
    ids.push(Actor.ID ?? "");
    if (ids.length >= events.length) {
      break;
    }
  }
  assert.deepEqual(
    ids,
    events.map((_, index) => `e${index}`),
  );
  assert.ok(connections > 10, `it broke off ${connections} times`);
});
