import assert from "node:assert/strict";
import { afterEach, beforeEach } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

/** How long what is closing may take to be closed: less than the 30 s after which the client closes what is idle anyway. */
const patienceMs = 10_000;

/**
 * What keeps the process alive, by kind: sockets, servers, timers, child processes. Standard streams do not count. Only Node
 * tells: Bun lists nothing, and Deno also what keeps nothing alive, such as an idle connection (observed on 1.4.5 and 2.9.6).
 */
export function liveResources(): Map<string, number> {
  const counts = new Map<string, number>();
  if ("Deno" in globalThis) {
    return counts;
  }
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind !== "TTYWrap" && kind !== "FSReqPromise" && kind !== "CloseReq") {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  return counts;
}

/** Waits until nothing lives that was not there `before`; fails after 10 s. */
export async function assertNothingLeft(before: ReadonlyMap<string, number>): Promise<void> {
  for (let waitedMs = 0; waitedMs <= patienceMs; waitedMs += 10) {
    if (added(before).length === 0) {
      return;
    }
    await delay(10);
  }
  assert.deepEqual(added(before), [], "sockets or timers are left");
}

/** Makes every test of the file or suite fail that leaves a socket, a timer or a process behind. */
export function leakCheck(): void {
  let before: ReadonlyMap<string, number> = new Map();
  beforeEach(() => {
    before = liveResources();
  });
  afterEach(() => assertNothingLeft(before));
}

function added(before: ReadonlyMap<string, number>): string[] {
  return [...liveResources()].flatMap(([kind, count]) =>
    count > (before.get(kind) ?? 0) ? [`${kind}: ${count - (before.get(kind) ?? 0)}`] : [],
  );
}
