// Runs all measurements, or the groups that are named, prints their table, and fails when a target was missed.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { surroundings, table, verdict, writeResults } from "./report.mjs";

const groups = ["requests", "real-engine", "exec", "logs", "log-memory", "log-streams", "progress", "events", "start"];
const chosen = process.argv.length > 2 ? process.argv.slice(2) : groups;

const rows = [];
for (const group of chosen) {
  console.error(`measuring: ${group}`);
  rows.push(...(await runGroup(group)));
}
const report = `${surroundings()}\n\n${table(rows)}`;
console.log(report);
if (chosen === groups && process.env.BENCH_SCALE === undefined) {
  writeResults(report);
}
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
