// Says where the tests pass: `tsx scripts/compatibility/main.ts FOLDER` takes what test/runtimes/main.ts has noted there
// with FAIRLEAD_COMPATIBILITY=FOLDER, and writes records.json and docs/compatibility.md. With --check it compares the page
// with records.json instead.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { printCompatibility } from "./print.ts";
import type { CompatibilityRecord } from "./record.ts";
import { type CompatibilitySummary, summarize } from "./summary.ts";

const kept = join(import.meta.dirname, "records.json");
const page = join(import.meta.dirname, "../../docs/compatibility.md");

const [argument] = process.argv.slice(2);
if (argument === "--check") {
  check();
} else if (argument === undefined) {
  fail("usage: tsx scripts/compatibility/main.ts FOLDER | --check", 2);
} else {
  const summaries = summarize(readRecords(argument));
  writeFileSync(kept, `${JSON.stringify(summaries, undefined, 2)}\n`);
  writeFileSync(page, printCompatibility(summaries));
  console.log(`compatibility: ${summaries.length} combinations`);
}

function check(): void {
  const summaries: readonly CompatibilitySummary[] = JSON.parse(readFileSync(kept, "utf8"));
  if (readFileSync(page, "utf8") !== printCompatibility(summaries)) {
    fail("docs/compatibility.md is not what scripts/compatibility makes of records.json", 1);
  }
  console.log(`compatibility: ${summaries.length} combinations`);
}

function readRecords(folder: string): readonly CompatibilityRecord[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line));
}

function fail(message: string, exitCode: number): void {
  console.error(`compatibility: ${message}`);
  process.exitCode = exitCode;
}
