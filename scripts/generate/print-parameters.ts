import { operationComment } from "./build.ts";
import type { Model, Operation, Parameter } from "./model.ts";
import { comment, describe, key } from "./print-models.ts";

/** Prints parameters.ts, without its header. */
export function printParameters(model: Model): string {
  const operations = [...model.operations.values()];
  const parts = operations.filter(({ parameters }) => parameters.size > 0).flatMap(printOne);
  const text = [...parts, printBodies(operations)].join("\n");
  return `${printImport(model, text)}${text}`;
}

/** The import of those models that a text names. */
export function printImport(model: Model, text: string): string {
  const words = new Set(text.replace(/\/\*\*.*?\*\/|"[^"]*"/g, "").match(/\b[A-Z]\w*/g));
  const names = [...model.interfaces.keys(), ...model.aliases.keys(), "EmptyObject"];
  const used = names.filter((name) => words.has(name)).sort();
  return used.length === 0
    ? ""
    : `import type {\n${used.map((name) => `  ${name},\n`).join("")}} from "./models.ts";\n\n`;
}

function printOne(operation: Operation): readonly string[] {
  const { id, parameters, filters } = operation;
  const fields = [...parameters.values()].map(printField).join("");
  const text = `${operationComment(operation)}export interface ${id}Parameters {\n${fields}}\n`;
  return filters === undefined ? [text] : [text, printFilters(id, filters)];
}

function printFilters(id: string, keys: readonly string[]): string {
  const fields = keys.map((name) => `  readonly ${key(name)}?: readonly string[] | undefined;\n`);
  const text = comment(`The filters of \`${id}\`: of each key any value may hold, and every key must.`, "");
  return `${text}export interface ${id}Filters {\n${fields.join("")}}\n`;
}

function printField({ name, type, required, since, note }: Parameter): string {
  const head = comment(describe(since, note), "  ");
  return `${head}  readonly ${key(name)}${required ? "" : "?"}: ${type}${required ? "" : " | undefined"};\n`;
}

function printBodies(operations: readonly Operation[]): string {
  const lines = operations.flatMap(({ id, body }) => (body?.type === undefined ? [] : [`  ${id}: ${body.type};\n`]));
  return `/** The JSON that operations read as their body, by the operation's id. */\nexport interface Bodies {\n${lines.join("")}}\n`;
}
