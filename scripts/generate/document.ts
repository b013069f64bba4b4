import { GenerateError } from "./facts.ts";

/** A mapping of the YAML. */
export type Node = Readonly<Record<string, unknown>>;

/** One version of the official spec, as parsed. */
export interface SpecDocument {
  readonly version: string;
  readonly definitions: Readonly<Record<string, Node>>;
  readonly operations: readonly RawOperation[];
}

/** One operation of a document, not yet understood. */
export interface RawOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly node: Node;
}

/** The value as a mapping. Throws a `GenerateError` that names the place when it is none. */
export function asNode(value: unknown, where: string): Node {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new GenerateError(`${where}: a mapping is expected`);
  }
  return value as Node; // checked above; the index signature is readonly and unknown
}

/** The value as a list, empty when it is absent. Throws a `GenerateError` when it is something else. */
export function asList(value: unknown, where: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new GenerateError(`${where}: a list is expected`);
  return value;
}

/** The value as a text. Throws a `GenerateError` when it is none. */
export function asText(value: unknown, where: string): string {
  if (typeof value !== "string") throw new GenerateError(`${where}: a text is expected`);
  return value;
}

/** The value as a list of texts, or undefined when it is absent. */
export function asTexts(value: unknown, where: string): readonly string[] | undefined {
  return value === undefined ? undefined : asList(value, where).map((item) => asText(item, where));
}

/** Throws a `GenerateError` for the first key of the mapping that is not among the known ones. */
export function expectKeys(node: Node, known: ReadonlySet<string>, where: string): void {
  for (const key of Object.keys(node)) {
    if (!known.has(key)) throw new GenerateError(`${where}: unknown keyword ${JSON.stringify(key)}`);
  }
}

const documentKeys = new Set("swagger schemes produces consumes basePath info tags definitions paths".split(" "));

/** Finds definitions and operations in a parsed file. Throws a `GenerateError` for a keyword that is unknown. */
export function readDocument(parsed: unknown, version: string): SpecDocument {
  const root = asNode(parsed, version);
  expectKeys(root, documentKeys, version);
  const { definitions, paths } = root;
  const entries = Object.entries(asNode(definitions, `${version} definitions`)).map(
    ([name, node]) => [name, asNode(node, `${version} ${name}`)] as const,
  );
  return { version, definitions: Object.fromEntries(entries), operations: readOperations(paths, version) };
}

function readOperations(paths: unknown, version: string): readonly RawOperation[] {
  return Object.entries(asNode(paths, `${version} paths`)).flatMap(([path, methods]) =>
    Object.entries(asNode(methods, `${version} ${path}`)).map(([method, value]) => {
      const where = `${version} ${method} ${path}`;
      const node = asNode(value, where);
      const { operationId } = node;
      return { id: asText(operationId, where), method: method.toUpperCase(), path, node };
    }),
  );
}
