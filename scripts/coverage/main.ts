// Says what the tests have seen: `tsx scripts/coverage/main.ts FOLDER [--write | --check]`. FOLDER is where the runs of the
// tests with FAIRLEAD_COVERAGE=FOLDER have left their observations. If all is well, `--write` writes docs/coverage.md, and
// `--check` says nothing. Fails if an answer differs from its model, if an operation never succeeded on a real engine and has
// no excuse, or if too few documented answers were seen.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { corrections } from "../../spec/corrections.ts";
import { coverageHoles, neverSucceeded } from "../../spec/coverage-holes.ts";
import { documentedAnswers } from "./answers.ts";
import { compareWithModels } from "./models.ts";
import { embeddedEngine, mergeObservations, noEngine, readObservations } from "./observations.ts";
import { printCoverage } from "./print.ts";
import { count, measure } from "./table.ts";

const root = join(import.meta.dirname, "..", "..");
const { values, positionals } = parseArgs({
  options: { write: { type: "boolean", default: false }, check: { type: "boolean", default: false } },
  allowPositionals: true,
});
const [folder] = positionals;
if (folder === undefined) {
  console.error("usage: tsx scripts/coverage/main.ts FOLDER [--write | --check]");
  process.exitCode = 2;
} else {
  run(folder);
}

function run(observed: string): void {
  const observations = mergeObservations(readObservations(observed));
  const facts = JSON.parse(readFileSync(join(root, "spec/engine-api.json"), "utf8"));
  const coverage = measure(documentedAnswers(facts, corrections), observations, coverageHoles, neverSucceeded);
  const { problems, unknownFields } = compareWithModels(observations);
  const engines = [...new Set(observations.map(({ engine }) => engine))].filter(isReal).sort();
  if (!values.check) {
    for (const field of unknownFields) console.log(`not in the models: ${field}`);
    const { documented, real, scripted } = count(coverage.rows);
    console.log(`${documented} documented answers: ${real} seen on real engines, ${scripted} more as exact bytes`);
  }
  const wrong = [...coverage.problems, ...problems];
  for (const problem of wrong) console.error(`coverage: ${problem}`);
  if (wrong.length > 0) {
    process.exitCode = 1;
  } else if (values.write) {
    writeFileSync(join(root, "docs/coverage.md"), printCoverage(coverage, engines));
  }
}

function isReal(engine: string): boolean {
  return engine !== noEngine && engine !== embeddedEngine;
}
