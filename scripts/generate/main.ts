import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { corrections } from "../../spec/corrections.ts";
import { readDocument } from "./document.ts";
import { extractFacts } from "./extract.ts";
import { type Facts, GenerateError, type SourceFact } from "./facts.ts";
import { correctedModel, firstDifference, type Output, printAll, printFacts } from "./output.ts";
import { summarize } from "./summary.ts";

const root = join(import.meta.dirname, "..", "..");
const factsPath = "spec/engine-api.json";

// Which files the facts were taken from; the official files do not say it themselves.
const origin = { repository: "moby/moby", commit: "b985e2313a8676e18072b442911fc8f64f17d440" };

const { values } = parseArgs({ options: { spec: { type: "string" }, check: { type: "boolean", default: false } } });
try {
  run(values.spec ?? join(root, "..", "shared", "spec"), values.check);
} catch (error) {
  if (!(error instanceof GenerateError)) throw error;
  console.error(`generate: ${error.message}`);
  process.exitCode = 1;
}

function run(folder: string, check: boolean): void {
  if (values.spec !== undefined && !existsSync(folder)) throw new GenerateError(`there is no folder ${folder}`);
  const extracted = existsSync(folder) ? readFolder(folder) : undefined;
  const facts: Facts = extracted ?? JSON.parse(readFileSync(join(root, factsPath), "utf8"));
  const model = correctedModel(facts, corrections);
  for (const line of summarize(facts, model, corrections, extracted === undefined)) console.log(line);
  const outputs = [[factsPath, printFacts(facts)] as const, ...printAll(facts, model)];
  for (const output of outputs) (check ? compare : write)(output);
}

function readFolder(folder: string): Facts {
  const files = readdirSync(folder)
    .filter((name) => /^v1\.\d+\.yaml$/.test(name))
    .sort();
  const texts = files.map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
  const documents = texts.map(([name, text]) => readDocument(parse(text), name.slice(1, -".yaml".length)));
  const hashes = texts.map(([name, text]) => [name, createHash("sha256").update(text).digest("hex")] as const);
  const version = documents.at(-1)?.version ?? "";
  const source: SourceFact = { ...origin, version, files: Object.fromEntries(hashes) };
  return extractFacts(documents, source);
}

function write([path, text]: Output): void {
  writeFileSync(join(root, path), text);
}

function compare([path, text]: Output): void {
  const line = firstDifference(text, readFileSync(join(root, path), "utf8"));
  if (line !== undefined)
    throw new GenerateError(`${path}:${line} is not what the generator prints; run it and commit`);
}
