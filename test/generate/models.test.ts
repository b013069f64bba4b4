import assert from "node:assert/strict";
import { test } from "node:test";
import { printed, spec } from "./support.ts";

function models(definitions: string, older?: string): string {
  const fragments = older === undefined ? {} : { "1.40": older };
  const { "models.ts": text = "" } = printed({ ...fragments, "1.43": definitions });
  return text.slice(text.indexOf("\n\n") + 2);
}

test("a definition becomes an interface with optional, required and nullable fields", () => {
  const text = models(
    spec(`Thing:
  type: object
  required: [Id]
  properties:
    Id: {type: string, description: Prose is left out.}
    Size: {type: integer, format: int64, x-nullable: true}
    Labels: {type: object, additionalProperties: {type: string}}
    Tags: {type: array, items: {type: string}}
    Options: {type: object}
    os.version: {type: boolean}`),
  );
  assert.equal(
    text,
    `/** The Engine's \`Thing\`. */
export interface Thing {
  Id: string;
  Size?: number | null | undefined;
  Labels?: Record<string, string> | undefined;
  Tags?: string[] | undefined;
  Options?: Record<string, unknown> | undefined;
  "os.version"?: boolean | undefined;
}
`,
  );
});

test("a field that is left out when it is absent is not nullable", () => {
  const text = models(
    spec("Thing: {type: object, properties: {A: {type: string, x-nullable: true, x-omitempty: true}}}"),
  );
  assert.match(text, /^ {2}A\?: string \| undefined;$/m);
});

test("unions of strings stay open, those of numbers too", () => {
  const text = models(
    spec(`Kind: {type: integer, enum: [0, 1]}
State: {type: string, enum: [on, "off"]}
Thing: {type: object, properties: {States: {type: array, items: {$ref: "#/definitions/State"}}, Mode: {type: string, enum: [a, ""]}}}`),
  );
  assert.match(text, /^export type Kind = 0 \| 1 \| \(number & \{\}\);$/m);
  assert.match(text, /^export type State = "on" \| "off" \| \(string & \{\}\);$/m);
  assert.match(text, /^ {2}States\?: State\[\] \| undefined;$/m);
  assert.match(text, /^ {2}Mode\?: "a" \| "" \| \(string & \{\}\) \| undefined;$/m);
});

test("allOf extends its references and adds its own fields; alone it is an alias", () => {
  const text = models(
    spec(`Base: {type: object, properties: {A: {type: string}}}
More:
  allOf: [{$ref: "#/definitions/Base"}, {type: object, properties: {B: {type: string}}}]
Same:
  allOf: [{$ref: "#/definitions/Base"}]`),
  );
  assert.match(text, /^export interface More extends Base \{\n {2}B\?: string \| undefined;\n\}$/m);
  assert.match(text, /^export type Same = Base;$/m);
});

test("an inline schema gets an interface named after its owner", () => {
  const text = models(
    spec("Thing: {type: object, properties: {Part: {type: object, properties: {A: {type: string}}}}}"),
  );
  assert.match(text, /^ {2}Part\?: ThingPart \| undefined;$/m);
  assert.match(text, /^export interface ThingPart \{\n {2}A\?: string \| undefined;\n\}$/m);
});

test("an object that only says that its key is there is an EmptyObject", () => {
  const text = models(
    spec(
      "Thing: {type: object, properties: {Ports: {type: object, additionalProperties: {type: object, enum: [{}]}}}}",
    ),
  );
  assert.match(text, /^ {2}Ports\?: Record<string, EmptyObject> \| undefined;$/m);
});

test("a field says since when it exists if an operation of an older version answers without it", () => {
  const path = `/things/{id}:
  get:
    operationId: ThingInspect
    tags: [Thing]
    responses: {200: {description: no error, schema: {$ref: "#/definitions/Thing"}}}`;
  const before = spec("Thing: {type: object, properties: {A: {type: string}}}", path);
  const after = spec("Thing: {type: object, properties: {A: {type: string}, B: {type: string}}}", path);
  assert.match(models(after, before), /A\?: string \| undefined;\n {2}\/\*\* Since API 1\.43\. \*\/\n {2}B\?: /);
});
