import assert from "node:assert/strict";
import { test } from "node:test";
import { printed, spec } from "./support.ts";

function things(mount: string, parameters = ""): string {
  return spec(
    `Mount: {type: object, properties: {${mount}}}\nThingSpec: {type: object, properties: {Mounts: {type: array, items: {$ref: "#/definitions/Mount"}}}}`,
    `/things/create:
  post:
    operationId: ThingCreate
    tags: [Thing]
    parameters:
      - {name: body, in: body, required: true, schema: {$ref: "#/definitions/ThingSpec"}}
      - {name: name, in: query, type: string, required: true}
      - {name: mode, in: query, type: string, enum: [a, b]}
      - {name: X-Registry-Auth, in: header, type: string}
${parameters}
    responses:
      201: {description: no error, schema: {$ref: "#/definitions/Mount"}}
      304: {description: container already started}
      404: {description: no such image, schema: {$ref: "#/definitions/Mount"}}`,
  );
}

const older = things("A: {type: string}");
const newer = things(
  "A: {type: string}, B: {type: object, properties: {C: {type: string}}}",
  `      - {name: all, in: query, type: boolean}`,
);

test("an operation becomes a row of the table, with gates for what is newer", () => {
  const { "operations.ts": text = "" } = printed({ "1.40": older, "1.44": newer });
  assert.equal(
    text.split("\n").find((line) => line.includes("ThingCreate")),
    `  ThingCreate: { id: "ThingCreate", method: "POST", path: "/things/create", since: "1.40", query: { name: { type: "string", required: true }, mode: { type: "string" }, all: { type: "boolean", since: "1.44" } }, headers: { registryAuth: { name: "X-Registry-Auth", type: "base64url-json" } }, body: "json", bodyRequired: true, bodyFields: { "Mounts.*.B": "1.44" }, answer: "json", kinds: { 201: "Succeeded", 304: "AlreadyStarted", 404: "NoSuchImage" } },`,
  );
});

test("an operation's answers become a closed union", () => {
  const { "outcomes.ts": text = "" } = printed({ "1.44": newer });
  assert.match(
    text,
    /export type ThingCreateOutcome =\n {2}\| Answer<"Succeeded", 201, Mount>\n {2}\| Answer<"AlreadyStarted", 304, undefined>\n {2}\| Failure<"NoSuchImage", 404>;\n/,
  );
  assert.match(text, /^ {2}ThingCreate: ThingCreateOutcome;$/m);
});

test("parameters become an interface with closed unions", () => {
  const { "parameters.ts": text = "" } = printed({ "1.40": older, "1.44": newer });
  assert.match(
    text,
    /export interface ThingCreateParameters \{\n {2}readonly name: string;\n {2}readonly mode\?: "a" \| "b" \| undefined;\n {2}readonly registryAuth\?: AuthConfig \| boolean \| undefined;\n {2}\/\*\* Since API 1\.44\. \*\/\n {2}readonly all\?: boolean \| undefined;\n\}\n/,
  );
  assert.match(text, /^ {2}ThingCreate: ThingSpec;$/m);
});

test("a stream's outcome is generic in the stream", () => {
  const tar = spec(
    "{}",
    `/things/get:
  get:
    operationId: ThingGet
    tags: [Thing]
    produces: [application/x-tar]
    responses: {200: {description: no error}}`,
  );
  const { "outcomes.ts": text = "" } = printed({ "1.44": tar });
  assert.match(text, /^export type ThingGetOutcome<Stream> =\n {2}\| Answer<"Succeeded", 200, Stream>;$/m);
  assert.match(text, /^ {2}ThingGet: ThingGetOutcome<Bytes>;$/m);
});
