/** A small request to an engine in another process: processor time. Each candidate has a process of its own. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { interleave, ratio, row, withServer } from "../measure.mjs";
import { names } from "../request-candidates.mjs";

/** How often all processes begin anew: where the system places them makes more of a difference than their rounds do. */
const generations = 5;
const warmUp = 8000;
const rounds = 9;
const requests = 200;
const program = fileURLToPath(new URL("../request-process.mjs", import.meta.url));

const cpu = Object.fromEntries(names.map((name) => [name, []]));
for (let generation = 0; generation < generations; generation += 1) {
  const samples = await withServer(measureAll);
  for (const name of names) {
    cpu[name].push(...samples[name]);
  }
}

export const rows = [
  row("small request, CPU, to hand-written node:http", ratio(cpu.fairlead, cpu.http), "x", { atMost: 1.15 }),
  row("small request, CPU, to dockerode", ratio(cpu.fairlead, cpu.dockerode), "x", { atMost: 0.95 }),
  row("small request, CPU, to @docker/node-sdk", ratio(cpu.fairlead, cpu.sdk), "x", { atMost: 0.5 }),
  row("small request, CPU, to a bare socket", ratio(cpu.fairlead, cpu.socket), "x"),
];

async function measureAll(socketPath) {
  const processes = names.map((name) => [name, fork(program, [name, socketPath])]);
  for (const [, candidate] of processes) {
    await measure(candidate, warmUp);
  }
  const samples = await interleave(Object.fromEntries(processes), rounds, (candidate) => measure(candidate, requests));
  for (const [, candidate] of processes) {
    candidate.disconnect();
    await once(candidate, "exit");
  }
  return samples;
}

async function measure(candidate, count) {
  candidate.send(count);
  const [cpu] = await once(candidate, "message");
  return cpu;
}
