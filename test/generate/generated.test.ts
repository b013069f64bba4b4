import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { firstDifference } from "../../scripts/generate/output.ts";
import { corrections } from "../../spec/corrections.ts";
import { operations } from "../../src/generated/operations.ts";

const root = join(import.meta.dirname, "..", "..");
const official = join(root, "..", "shared", "spec");
const facts: { operations: Record<string, { method: string; path: string; responses: Record<string, unknown> }> } =
  JSON.parse(readFileSync(join(root, "spec", "engine-api.json"), "utf8"));

test("every operation of the official spec is in the table, under its own method and path", () => {
  const rows = new Map<string, { method: string; path: string }>(Object.entries(operations));
  assert.equal(Object.keys(facts.operations).length, 108);
  for (const [id, { method, path }] of Object.entries(facts.operations)) {
    assert.deepEqual([rows.get(id)?.method, rows.get(id)?.path], [method, path], id);
  }
});

test("every row has the id under which it stands, and answers with success", () => {
  for (const [id, row] of Object.entries(operations)) {
    assert.equal(row.id, id);
    assert.ok(
      Object.values(row.kinds).some((kind) => kind === "Succeeded" || kind === "Upgraded"),
      id,
    );
  }
});

test("every correction says why and where that is known from", () => {
  for (const row of corrections) {
    assert.match(row.because, /\.$/, JSON.stringify(row));
    assert.match(
      row.source,
      /^(moby|bollard):|^observed on |API 1\.\d\d|^v1\.\d\d\.yaml$|reference/,
      JSON.stringify(row),
    );
  }
});

test("the first differing line is named, also when one text ends earlier", () => {
  assert.equal(firstDifference("a\nb\nc", "a\nb\nc"), undefined);
  assert.equal(firstDifference("a\nb\nc", "a\nx\ny"), 2);
  assert.equal(firstDifference("a\nb", "a\nb\nc"), 3);
  assert.equal(firstDifference("a\nb\nc", "a\nb"), 3);
});

// A run of this many words is a sentence of somebody; shorter ones are names and lists.
const runLength = 6;

test("no sentence of the official spec stands in what is generated", (context) => {
  if (!existsSync(official)) return context.skip(`the official spec is not at ${official}; NOT CHECKED`);
  const theirs = new Set<string>();
  for (const name of readdirSync(official).filter((file) => file.endsWith(".yaml"))) {
    for (const run of runs(readFileSync(join(official, name), "utf8"))) theirs.add(run);
  }
  const files = ["src/generated/models.ts", "src/generated/parameters.ts", "src/generated/outcomes.ts"];
  for (const path of [...files, "src/generated/operations.ts", "spec/engine-api.json"]) {
    const prose = path.endsWith(".ts") ? comments(path) : values(path);
    const found = prose.flatMap((text) => [...runs(text)].filter((run) => theirs.has(run)));
    assert.deepEqual(found, [], path);
  }
});

function* runs(text: string): Generator<string> {
  const words = text.toLowerCase().match(/[a-z][a-z'-]*/g) ?? [];
  for (let at = 0; at + runLength <= words.length; at++) yield words.slice(at, at + runLength).join(" ");
}

function comments(path: string): readonly string[] {
  return readFileSync(join(root, path), "utf8").match(/\/\*\*.*?\*\/|\/\/.*/g) ?? [];
}

// Each text of the facts by itself: names that merely follow each other are no sentence.
function values(path: string): readonly string[] {
  return readFileSync(join(root, path), "utf8").match(/"(?:[^"\\]|\\.)*"/g) ?? [];
}
