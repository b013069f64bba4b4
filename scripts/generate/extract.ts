import {
  asList,
  asNode,
  asText,
  asTexts,
  expectKeys,
  type Node,
  type RawOperation,
  type SpecDocument,
} from "./document.ts";
import {
  type BodyFact,
  type Facts,
  GenerateError,
  type OperationFact,
  type ParameterFact,
  type ResponseFact,
  type SchemaFact,
  type SourceFact,
} from "./facts.ts";
import { readSchema } from "./schema.ts";
import { type History, minor, readHistory, walkFields } from "./since.ts";
import { kindOf } from "./wording.ts";

/**
 * Takes the facts out of all versions of the official spec, oldest first. Operations and definitions are those of the
 * newest; the older ones say since when each thing exists. Throws a `GenerateError` for anything not understood.
 */
export function extractFacts(documents: readonly SpecDocument[], source: SourceFact): Facts {
  const [oldest, newest] = [documents.at(0), documents.at(-1)];
  if (oldest === undefined || newest === undefined) throw new GenerateError("there is no spec to read");
  const reader = new Extractor(oldest, newest, readHistory(documents));
  return { source, operations: reader.operations(), definitions: reader.definitions() };
}

const operationKeys = new Set("summary description operationId produces consumes parameters responses tags".split(" "));
const responseKeys = new Set("description schema examples headers".split(" "));
const parameterKeys = new Set(
  "name in description type default pattern schema required enum format items collectionFormat".split(" "),
);

class Extractor {
  readonly #oldest: SpecDocument;
  readonly #newest: SpecDocument;
  readonly #history: History;

  constructor(oldest: SpecDocument, newest: SpecDocument, history: History) {
    this.#oldest = oldest;
    this.#newest = newest;
    this.#history = history;
  }

  operations(): Readonly<Record<string, OperationFact>> {
    return Object.fromEntries(this.#newest.operations.map((operation) => [operation.id, this.#operation(operation)]));
  }

  definitions(): Readonly<Record<string, SchemaFact>> {
    const entries = Object.entries(this.#newest.definitions);
    return Object.fromEntries(entries.map(([name, node]) => [name, this.#schema(node, name)]));
  }

  #operation(operation: RawOperation): OperationFact {
    const { id, node } = operation;
    expectKeys(node, operationKeys, id);
    const { tags, consumes, produces } = node;
    const [tag, second] = asTexts(tags, id) ?? [];
    if (tag === undefined || second !== undefined) throw new GenerateError(`${id}: exactly one tag is expected`);
    const parameters = this.#parameters(operation);
    const body = this.#body(operation);
    return {
      method: operation.method,
      path: operation.path,
      tag,
      since: this.#history.operation(operation),
      ...optional("consumes", asTexts(consumes, id)),
      ...optional("produces", asTexts(produces, id)),
      ...optional("parameters", parameters.length === 0 ? undefined : parameters),
      ...optional("body", body),
      responses: this.#responses(operation),
    };
  }

  #parameters(operation: RawOperation): readonly ParameterFact[] {
    return rawParameters(operation).flatMap((node) => {
      const { name: option, in: place } = node;
      const where = `${operation.id} ${String(option)}`;
      if (place === "path" || place === "body") return [];
      if (place !== "query" && place !== "header") throw new GenerateError(`${where}: unknown place ${String(place)}`);
      const name = asText(option, where);
      const since = this.#history.parameter(operation, place, name);
      return [
        { name, in: place, ...readParameterType(node, where), ...newer(since, this.#history.operation(operation)) },
      ];
    });
  }

  #body(operation: RawOperation): BodyFact | undefined {
    const node = rawParameters(operation).find(({ in: place }) => place === "body");
    if (node === undefined) return;
    const { schema, required } = node;
    return {
      schema: this.#schema(asNode(schema, operation.id), `${operation.id} body`),
      ...optional("required", required === true || undefined),
      ...optional("since", this.#bodySince(operation, schema)),
    };
  }

  #bodySince(operation: RawOperation, schema: unknown): Readonly<Record<string, string>> | undefined {
    const paths = new Map<string, string>();
    const above = this.#history.operation(operation);
    walkFields(schema, this.#newest, (path) => {
      const since = this.#history.bodyField(operation, path);
      if (minor(since) > minor(above) && !coveredBy(paths, path, since)) paths.set(path, since);
    });
    return paths.size === 0 ? undefined : Object.fromEntries(paths);
  }

  #responses(operation: RawOperation): Readonly<Record<string, ResponseFact>> {
    const { responses } = operation.node;
    const entries = Object.entries(asNode(responses, operation.id));
    return Object.fromEntries(
      entries.map(([status, value]) => [status, this.#response(Number(status), value, `${operation.id} ${status}`)]),
    );
  }

  #response(status: number, value: unknown, where: string): ResponseFact {
    const node = asNode(value, where);
    expectKeys(node, responseKeys, where);
    const { description, schema, headers } = node;
    return {
      means: kindOf(status, asText(description, where), where),
      ...optional("schema", schema === undefined ? undefined : this.#schema(asNode(schema, where), where)),
      ...optional("headers", headers === undefined ? undefined : Object.keys(asNode(headers, where))),
    };
  }

  #schema(node: Node, where: string): SchemaFact {
    return this.#dated(readSchema(node, where), node);
  }

  // The facts have the shape of the document, so the two are walked side by side.
  #dated(fact: SchemaFact, node: Node, above = this.#oldest.version): SchemaFact {
    const child = (key: string): Node => asNode(node[key], key);
    const { allOf } = node;
    const properties = Object.entries(fact.properties ?? {}).map(([name, field]) => {
      const since = this.#history.field(node, name) ?? above;
      const dated = this.#dated(field, asNode(child("properties")[name], name), since);
      return [name, { ...dated, ...newer(since, above) }] as const;
    });
    const parts = asList(allOf, "allOf");
    return {
      ...fact,
      ...(fact.properties && { properties: Object.fromEntries(properties) }),
      ...(fact.items && { items: this.#dated(fact.items, child("items"), above) }),
      ...(typeof fact.map === "object" && { map: this.#dated(fact.map, child("additionalProperties"), above) }),
      ...(fact.allOf && { allOf: fact.allOf.map((part, n) => this.#dated(part, asNode(parts[n], "allOf"), above)) }),
    };
  }
}

// What is as old as the thing in which it stands needs no date of its own.
function newer(since: string, above: string): { since?: string } {
  return minor(since) > minor(above) ? { since } : {};
}

function rawParameters(operation: RawOperation): readonly Node[] {
  const { parameters } = operation.node;
  return asList(parameters, operation.id).map((value) => {
    const node = asNode(value, operation.id);
    expectKeys(node, parameterKeys, operation.id);
    return node;
  });
}

function readParameterType(node: Node, where: string): Omit<ParameterFact, "name" | "in" | "since"> {
  const { type, format, items, enum: values, required } = node;
  const item = items === undefined ? undefined : asNode(items, where);
  const { type: itemType, enum: itemValues } = item ?? {};
  return {
    type: asText(type, where),
    ...optional("format", format === undefined ? undefined : asText(format, where)),
    ...optional("items", item && asText(itemType, where)),
    ...optional("enum", asTexts(itemValues ?? values, where)),
    ...optional("required", required === true || undefined),
  };
}

// A field that came together with the one above it needs no row of its own.
function coveredBy(paths: ReadonlyMap<string, string>, path: string, since: string): boolean {
  const parts = path.split(".");
  return parts.some((_, index) => {
    const above = paths.get(parts.slice(0, index).join("."));
    return above !== undefined && minor(above) >= minor(since);
  });
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V }); // a computed key widens to string
}
