import type { SchemaFact } from "../../scripts/generate/facts.ts";

type Definitions = Readonly<Record<string, SchemaFact>>;

/** A value that has every field of the schema; a definition inside itself is left out. */
export function sampleBody(schema: SchemaFact, definitions: Definitions, above: readonly string[] = []): unknown {
  if (schema.$ref !== undefined) {
    const definition = definitions[schema.$ref];
    return definition === undefined || above.includes(schema.$ref)
      ? undefined
      : sampleBody(definition, definitions, [...above, schema.$ref]);
  }
  if (schema.items !== undefined) {
    return [sampleBody(schema.items, definitions, above)].filter((item) => item !== undefined);
  }
  if (schema.allOf !== undefined || schema.properties !== undefined) {
    return sampleObject(schema, definitions, above);
  }
  if (typeof schema.map === "object") {
    return { "a key": sampleBody(schema.map, definitions, above) };
  }
  return samples[schema.type ?? "object"];
}

const samples = { string: 'ü "\\\u2028', integer: 7, number: 0.5, boolean: false, array: [], object: { any: "thing" } };

function sampleObject(schema: SchemaFact, definitions: Definitions, above: readonly string[]): unknown {
  const parts = (schema.allOf ?? []).map((part) => sampleBody(part, definitions, above));
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [
    name,
    sampleBody(field, definitions, above),
  ]);
  return Object.assign({}, ...parts, Object.fromEntries(fields));
}
