import { asList, asNode, asText, asTexts, expectKeys, type Node } from "./document.ts";
import { GenerateError, type SchemaFact } from "./facts.ts";

const kept = "$ref type format enum x-nullable x-omitempty required properties items additionalProperties allOf";
// Prose, Go's own names, and limits that the engine checks itself.
const dropped =
  "description title example x-go-name x-go-type x-go-package default minimum maximum minItems maxItems minLength maxLength pattern";
const known = new Set(`${kept} ${dropped}`.split(" "));

const types = ["object", "string", "integer", "array", "boolean", "number"] as const;

/** Reads one schema of the spec, without its prose. Throws a `GenerateError` for a keyword or type that is unknown. */
export function readSchema(value: unknown, where: string): SchemaFact {
  const node = asNode(value, where);
  expectKeys(node, known, where);
  const parts: Record<string, unknown> = {
    $ref: node["$ref"] === undefined ? undefined : definitionName(asText(node["$ref"], where), where),
    type: readType(node, where),
    format: node["format"],
    enum: node["enum"],
    nullable: node["x-nullable"],
    omitted: node["x-omitempty"],
    required: asTexts(node["required"], where),
    properties: readProperties(node, where),
    items: node["items"] === undefined ? undefined : readSchema(node["items"], `${where}[]`),
    map: readMap(node, where),
    allOf: node["allOf"] && asList(node["allOf"], where).map((part, index) => readSchema(part, `${where}&${index}`)),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}

/** The definition that a `$ref` names. Throws a `GenerateError` when it points elsewhere. */
export function definitionName(ref: string, where: string): string {
  const [, name] = /^#\/definitions\/(\w+)$/.exec(ref) ?? [];
  if (name === undefined) throw new GenerateError(`${where}: unknown reference ${ref}`);
  return name;
}

function readType(node: Node, where: string): string | undefined {
  const type = node["type"];
  if (type === undefined) return;
  const found = types.find((each) => each === type);
  if (found === undefined) throw new GenerateError(`${where}: unknown type ${JSON.stringify(type)}`);
  return found;
}

function readProperties(node: Node, where: string): Readonly<Record<string, SchemaFact>> | undefined {
  if (node["properties"] === undefined) return;
  const entries = Object.entries(asNode(node["properties"], where));
  return Object.fromEntries(entries.map(([name, value]) => [name, readSchema(value, `${where}.${name}`)]));
}

function readMap(node: Node, where: string): SchemaFact | true | undefined {
  const value = node["additionalProperties"];
  if (value === undefined) return;
  return value === true ? true : readSchema(value, `${where}{}`);
}
