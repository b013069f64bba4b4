import type { Field, Interface, Model } from "./model.ts";

/** Prints models.ts, without its header. */
export function printModels(model: Model): string {
  const empty =
    "/** An object without fields: it says that its key is there. */\nexport type EmptyObject = Record<string, never>;\n";
  const parts = [
    ...[...model.interfaces.values()].map((each) => [each.name, printInterface(each)] as const),
    ...[...model.aliases].map(([name, type]) => [name, printAlias(name, type)] as const),
  ].sort(([left], [right]) => (left < right ? -1 : 1));
  return [empty, ...parts.map(([, text]) => text)].join("\n");
}

/** Prints one interface. */
export function printInterface({ name, bases, fields }: Interface): string {
  const base = bases.length === 0 ? "" : ` extends ${bases.join(", ")}`;
  const lines = [...fields].map(([field, value]) => printField(field, value));
  return `${comment(`The Engine's \`${name}\`.`, "")}export interface ${name}${base} {\n${lines.join("")}}\n`;
}

/** A key as it stands in an object type or literal. */
export function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** A doc comment of one line, or none for an empty text. */
export function comment(text: string, indent: string): string {
  return text === "" ? "" : `${indent}/** ${text} */\n`;
}

/** What a doc comment says of a version and a correction. */
export function describe(since: string | undefined, note: string | undefined): string {
  return [since && `Since API ${since}.`, note].filter((part) => part !== undefined).join(" ");
}

function printField(name: string, { type, optional, nullable, since, note }: Field): string {
  const full = type + (nullable ? " | null" : "") + (optional ? " | undefined" : "");
  return `${comment(describe(since, note), "  ")}  ${key(name)}${optional ? "?" : ""}: ${full};\n`;
}

function printAlias(name: string, type: string): string {
  return `${comment(`The Engine's \`${name}\`.`, "")}export type ${name} = ${type};\n`;
}
