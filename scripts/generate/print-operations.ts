import { operationComment } from "./build.ts";
import type { Model, Operation, Parameter } from "./model.ts";
import { key } from "./print-models.ts";

/** Prints operations.ts, without its header. */
export function printOperations(model: Model): string {
  const lines = [...model.operations.values()].map((operation) => {
    const text = operationComment(operation).trimEnd();
    return `  ${text}\n  ${operation.id}: ${literal(tableRow(operation))},\n`;
  });
  return `/** What the client must know of every operation; each value is an \`Operation\`. */\nexport const operations = {\n${lines.join("")}} as const;\n`;
}

function tableRow(operation: Operation): Readonly<Record<string, unknown>> {
  const { id, method, path, slashes, since, unversioned, body, format, long, bigints } = operation;
  const parameters = [...operation.parameters.values()];
  const fields = body === undefined ? [] : [...body.since];
  return {
    ...{ id, method, path, slashes: slashes || undefined, since, unversioned: unversioned || undefined },
    query: table(parameters.filter(({ header }) => header === undefined).map(queryRow)),
    headers: table(parameters.filter(({ header }) => header !== undefined).map(headerRow)),
    ...{ body: body?.format, bodyRequired: body?.required || undefined, bodyFields: table(fields) },
    ...{ answer: format, long: long || undefined, bigints: bigints.length === 0 ? undefined : bigints },
    kinds: table([...operation.answers].sort(([a], [b]) => a - b).map(([status, { kind }]) => [String(status), kind])),
  };
}

function queryRow({ name, as, since, required }: Parameter): [string, unknown] {
  return [name, { type: as, since, required: required || undefined }];
}

function headerRow({ name, header, as, since }: Parameter): [string, unknown] {
  return [name, { name: header, type: as, since }];
}

function table(entries: readonly (readonly [string, unknown])[]): Readonly<Record<string, unknown>> | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return `{ ${entries.map(([name, part]) => `${/^\d+$/.test(name) ? name : key(name)}: ${literal(part)}`).join(", ")} }`;
}
