// Starts scripts/embedded-engine.ts, for scripts that need an engine and must go on without one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The embedded engine in a process of its own: its address, and how to end it. */
export async function startEmbedded() {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-"));
  const args = ["--import", "tsx", "scripts/embedded-engine.ts", join(folder, "docker.sock")];
  const engine = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const stop = () => {
    engine.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  const failed = once(engine, "exit").then(([code]) => {
    throw new Error(`The embedded engine ended with ${code}`);
  });
  failed.catch(() => {}); // it ends in the end
  const [host] = await Promise.race([once(createInterface(engine.stdout), "line"), failed]);
  return { host, stop };
}
