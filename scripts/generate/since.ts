import { asList, asNode, asText, type Node, type RawOperation, type SpecDocument } from "./document.ts";
import { definitionName } from "./schema.ts";

/** Called for each field below a schema: its path, and the mapping in which the field stands. */
type Visit = (path: string, owner: Node, name: string) => void;

/**
 * Walks all fields below a schema, through references, list items and map values (both written `*`). A definition that
 * contains itself is entered once on each way down.
 */
export function walkFields(schema: unknown, document: SpecDocument, visit: Visit): void {
  walk(schema, "", new Set());

  function walk(value: unknown, path: string, open: ReadonlySet<string>): void {
    if (typeof value !== "object" || value === null) return;
    const node = asNode(value, path);
    const { $ref, allOf, properties, items, additionalProperties } = node;
    if (typeof $ref === "string") follow(definitionName($ref, path), path, open);
    for (const part of asList(allOf, path)) walk(part, path, open);
    for (const [name, field] of Object.entries(asNode(properties ?? {}, path))) {
      visit(join(path, name), node, name);
      walk(field, join(path, name), open);
    }
    walk(items, join(path, "*"), open);
    walk(additionalProperties, join(path, "*"), open);
  }

  function follow(name: string, path: string, open: ReadonlySet<string>): void {
    if (!open.has(name)) walk(document.definitions[name], path, new Set([...open, name]));
  }
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** The first version in which each thing exists, for everything in the newest of the documents. */
export interface History {
  /** Of an operation. */
  operation(operation: RawOperation): string;
  /** Of a query or header parameter. */
  parameter(operation: RawOperation, place: string, name: string): string;
  /** Of a field of the body that the operation reads, by its dotted path. */
  bodyField(operation: RawOperation, path: string): string;
  /** Of a field in whichever bodies it occurs; the owner is the mapping in which it stands. */
  field(owner: Node, name: string): string | undefined;
}

/** Compares all versions, oldest first. */
export function readHistory(documents: readonly SpecDocument[]): History {
  const first = new Map<string, string>();
  for (const document of documents) {
    for (const operation of document.operations) {
      for (const key of keysOf(operation, document)) if (!first.has(key)) first.set(key, document.version);
    }
  }
  const newest = documents.at(-1);
  const fields = newest === undefined ? new Map() : fieldHistory(newest, first);
  const find = (key: string): string => first.get(key) ?? newest?.version ?? "";
  return {
    operation: (operation) => find(routeOf(operation)),
    parameter: (operation, place, name) => find(`${routeOf(operation)} ${place} ${name}`),
    bodyField: (operation, path) => find(`${routeOf(operation)} request ${path}`),
    field: (owner, name) => fields.get(owner)?.get(name),
  };
}

function fieldHistory(newest: SpecDocument, first: ReadonlyMap<string, string>): Map<Node, Map<string, string>> {
  const fields = new Map<Node, Map<string, string>>();
  for (const operation of newest.operations) {
    for (const [side, schema] of schemasOf(operation)) {
      walkFields(schema, newest, (path, owner, name) => {
        const since = first.get(`${routeOf(operation)} ${side} ${path}`);
        const known = fields.get(owner) ?? new Map<string, string>();
        fields.set(owner, known);
        if (since !== undefined && older(since, known.get(name))) known.set(name, since);
      });
    }
  }
  return fields;
}

function older(version: string, than: string | undefined): boolean {
  return than === undefined || minor(version) < minor(than);
}

/** The part of an API version after the dot. */
export function minor(version: string): number {
  return Number(version.split(".")[1]);
}

function keysOf(operation: RawOperation, document: SpecDocument): ReadonlySet<string> {
  const route = routeOf(operation);
  const keys = new Set([route]);
  const { parameters } = operation.node;
  for (const parameter of asList(parameters, route)) {
    const { in: place, name } = asNode(parameter, route);
    keys.add(`${route} ${asText(place, route)} ${asText(name, route)}`);
  }
  for (const [side, schema] of schemasOf(operation)) {
    walkFields(schema, document, (path) => keys.add(`${route} ${side} ${path}`));
  }
  return keys;
}

// An operation is the same one in two versions when its method and path are, whatever its id and path parameters.
function routeOf(operation: RawOperation): string {
  return `${operation.method} ${operation.path.replace(/\{\w+\}/g, "{}")}`;
}

function schemasOf(operation: RawOperation): readonly (readonly ["request" | "response", unknown])[] {
  const { parameters, responses } = operation.node;
  const successes = Object.entries(asNode(responses, operation.id)).filter(([status]) => Number(status) < 300);
  const schemaOf = (value: unknown): unknown => {
    const { schema } = asNode(value, operation.id);
    return schema;
  };
  return [
    ...asList(parameters, operation.id).map((parameter) => ["request", schemaOf(parameter)] as const),
    ...successes.map(([, response]) => ["response", schemaOf(response)] as const),
  ];
}
