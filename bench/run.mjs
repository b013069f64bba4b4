// Runs all measurements, or the groups that are named, prints their table, puts what it saw into the README group by
// group, and fails when a target was missed.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { report, surroundings, table, verdict, writeReport } from "./report.mjs";
import { keepResult } from "./results.mjs";

const groups = "requests real-engine exec tar logs log-memory log-streams progress events start".split(" ");
const chosen = process.argv.length > 2 ? process.argv.slice(2) : groups;
const unknown = chosen.filter((group) => !groups.includes(group));
if (unknown.length > 0) {
  throw new Error(`There is no group ${unknown.join(", ")}; there are ${groups.join(", ")}`);
}

const rows = [];
for (const group of chosen) {
  console.error(`measuring: ${group}`);
  const start = performance.now();
  const measured = await runGroup(group);
  const seconds = Math.round((performance.now() - start) / 1000);
  console.error(`${seconds} s`);
  rows.push(...measured);
  if (process.env.BENCH_SCALE === undefined) {
    writeReport(report(groups, keepResult(group, { rows: measured, surroundings: surroundings(), seconds })));
  }
}
console.log(`${surroundings()}\n\n${table(rows)}`);
process.exitCode = rows.some((row) => verdict(row) === "MISSED") ? 1 : 0;

/** Each group has a process of its own, so that none meets the memory and the compiled code of another. */
function runGroup(group) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("run-group.mjs", import.meta.url)), [group], {
      execArgv: ["--expose-gc"],
    });
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`The group ${group} ended with ${code} and no rows`)));
  });
}
