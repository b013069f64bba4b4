import { asList, asNode, asText, asTexts, expectKeys } from "./document.ts";
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
  const { $ref, type, format, enum: values, required, properties, items, additionalProperties, allOf } = node;
  const parts: Record<string, unknown> = {
    $ref: $ref === undefined ? undefined : definitionName(asText($ref, where), where),
    type: readType(type, where),
    format,
    enum: values,
    nullable: node["x-nullable"],
    omitted: node["x-omitempty"],
    required: asTexts(required, where),
    properties: readProperties(properties, where),
    items: items === undefined ? undefined : readSchema(items, `${where}[]`),
    map: readMap(additionalProperties, where),
    allOf: allOf && asList(allOf, where).map((part, index) => readSchema(part, `${where}&${index}`)),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}

/** The definition that a `$ref` names. Throws a `GenerateError` when it points elsewhere. */
export function definitionName(ref: string, where: string): string {
  const [, name] = /^#\/definitions\/(\w+)$/.exec(ref) ?? [];
  if (name === undefined) throw new GenerateError(`${where}: unknown reference ${ref}`);
  return name;
}

function readType(type: unknown, where: string): string | undefined {
  const found = types.find((each) => each === type);
  if (type !== undefined && found === undefined) {
    throw new GenerateError(`${where}: unknown type ${JSON.stringify(type)}`);
  }
  return found;
}

function readProperties(value: unknown, where: string): Readonly<Record<string, SchemaFact>> | undefined {
  if (value === undefined) return;
  const entries = Object.entries(asNode(value, where));
  return Object.fromEntries(entries.map(([name, field]) => [name, readSchema(field, `${where}.${name}`)]));
}

function readMap(value: unknown, where: string): SchemaFact | true | undefined {
  return value === undefined || value === true ? value : readSchema(value, `${where}{}`);
}
