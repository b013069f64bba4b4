import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Keeps all other suites that want the same out while the tests of a suite run, also those of other processes.
 *
 * @param thing - what it is of the engine, e.g. its swarm
 * @param host - the engine's address
 * @param cleanUp - what must be done before another may come. Hooks run in the order in which they were registered, so
 * one that is registered later would come too late.
 */
export function useExclusively(thing: string, host: string, cleanUp?: () => Promise<void>): void {
  const engine = createHash("sha256").update(host).digest("hex").slice(0, 16);
  const folder = join(tmpdir(), `fairlead-${thing}-${engine}`);
  before(async () => {
    while (!(await take(folder))) {
      await delay(50);
    }
  });
  after(async () => {
    try {
      await cleanUp?.();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** Takes a folder for a lock, also from a process that has ended without giving it back. */
async function take(folder: string): Promise<boolean> {
  const owner = join(folder, "pid");
  try {
    await mkdir(folder);
    await writeFile(owner, String(process.pid));
    return true;
  } catch {
    const pid = Number(await readFile(owner, "utf8").catch(() => process.pid));
    if (!isAlive(pid)) {
      await rm(folder, { recursive: true, force: true });
    }
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
