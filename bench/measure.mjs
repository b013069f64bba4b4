/** What every measurement stands on: an engine in another process, interleaved rounds, medians. */
import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Runs `use` with the path of a socket at which the engine of the measurements answers. */
export async function withServer(use) {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-"));
  const socket = join(folder, "engine.sock");
  const server = fork(fileURLToPath(new URL("server.mjs", import.meta.url)), [socket]);
  const exited = new Promise((resolve) => server.once("exit", resolve));
  try {
    await Promise.race([
      new Promise((resolve) => server.once("message", resolve)),
      exited.then((code) => Promise.reject(new Error(`The engine of the measurements ended with ${code}`))),
    ]);
    return await use(socket);
  } finally {
    server.disconnect();
    await exited;
    await rm(folder, { recursive: true });
  }
}

/**
 * Runs every candidate once a round, each round beginning with another one, so that what else the machine does meets all
 * of them alike. The first round warms up and is not counted. Gives the samples of each, round by round.
 */
export async function interleave(candidates, rounds, sample) {
  const names = Object.keys(candidates);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length];
      const value = await sample(candidates[name]);
      if (round > 0) {
        samples[name].push(value);
      }
    }
  }
  return samples;
}

/** How much processor time this process spends on `work`, in milliseconds. */
export async function cpuMs(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** How long `work` takes, in milliseconds. */
export async function wallMs(work) {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of the rounds' ratios: of `a` to `b`. */
export function ratio(a, b) {
  return median(a.map((value, index) => value / b[index]));
}

/** A count, made smaller by `BENCH_SCALE` (from 0 to 1), with which one sees whether the measurements work. */
export function scaled(count) {
  return Math.max(1, Math.round(count * Number(process.env.BENCH_SCALE ?? 1)));
}

/** A row of the table: `limit` is the target, `atMost` or `atLeast`. A row without a target is there to compare. */
export function row(name, measured, unit, target = {}) {
  return { name, measured, unit, ...target };
}
