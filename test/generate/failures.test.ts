import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "../../scripts/generate/corrections.ts";
import { printed, spec } from "./support.ts";

function operation(response: string, parameters = "[]"): string {
  return spec(
    "{}",
    `/things:
  get:
    operationId: ThingList
    tags: [Thing]
    parameters: ${parameters}
    responses: {${response}}`,
  );
}

const fine = operation("200: {description: no error}", "[{name: all, in: query, type: boolean}]");

const mistakes: readonly (readonly [what: string, fragment: string, message: RegExp])[] = [
  ["an unknown keyword of a schema", spec("Thing: {type: string, oneOf: []}"), /Thing: unknown keyword "oneOf"/],
  ["an unknown type", spec("Thing: {type: file}"), /Thing: unknown type "file"/],
  ["an unknown format", spec("Thing: {type: string, format: uuid}"), /Thing: unknown format uuid of string/],
  ["a reference out of the file", spec("Thing: {$ref: other.yaml}"), /Thing: unknown reference other\.yaml/],
  [
    "an inline schema without a name",
    spec("Thing: {type: array, items: {type: object, properties: {A: {type: string}}}}"),
    /Thing\[\]: the inline schema has no name/,
  ],
  ["a schema without a type", spec("Thing: {type: object, properties: {A: {}}}"), /Thing\.A has no type; add a correc/],
  [
    "an unknown wording",
    operation("404: {description: No such thing}"),
    /ThingList 404: unknown wording for 404: "no such thing"/,
  ],
  [
    "an unknown place of a parameter",
    operation("200: {description: no error}", "[{name: all, in: formData, type: boolean}]"),
    /ThingList all: unknown place formData/,
  ],
  [
    "an unknown header",
    operation("200: {description: no error}", "[{name: X-New, in: header, type: string}]"),
    /ThingList: unknown header X-New/,
  ],
  [
    "filters that no row lists",
    operation("200: {description: no error}", "[{name: filters, in: query, type: string}]"),
    /ThingList: which filters are there\?/,
  ],
];

for (const [what, fragment, message] of mistakes) {
  test(`${what} stops the generator`, () => {
    assert.throws(() => printed({ "1.44": fragment }), { name: "GenerateError", message });
  });
}

const stale: readonly Change[] = [
  { fix: "add-parameter", operations: ["ThingList"], name: "all", as: "boolean" },
  { fix: "retype-parameter", operations: ["ThingList"], name: "all", as: "boolean" },
  { fix: "drop-parameter", operations: ["ThingList"], name: "size" },
  { fix: "relax-parameter", operations: ["ThingList"], name: "all" },
  { fix: "since", operations: ["ThingList"], names: ["all"], since: "1.40" },
  { fix: "add-answer", operations: ["ThingList"], status: 200, kind: "Succeeded" },
  { fix: "drop-answer", operations: ["ThingList"], status: 404 },
  { fix: "answer-format", operations: ["ThingList"], format: "empty" },
  { fix: "long", operations: ["ThingInspect"] },
  { fix: "required", type: "Thing", fields: ["Id"] },
  { fix: "add-operation", id: "ThingList", method: "GET", path: "/things", answers: { 200: "Succeeded" } },
];

for (const change of stale) {
  test(`a correction with nothing left to ${change.fix} stops the generator`, () => {
    const row = { ...change, because: "The spec was wrong.", source: "test" };
    assert.throws(() => printed({ "1.44": fine }, [row]), {
      name: "GenerateError",
      message: /^the correction \{"fix":.*\} no longer applies: /,
    });
  });
}
