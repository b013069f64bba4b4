import { GenerateError, type SchemaFact } from "./facts.ts";
import type { Field, Interface, Model } from "./model.ts";
import { nameOf } from "./names.ts";
import { printInterface } from "./print-models.ts";

const formats: Readonly<Record<string, ReadonlySet<string>>> = {
  integer: new Set(["int", "int64", "uint8", "uint16", "uint32", "uint64"]),
  string: new Set(["date-time", "dateTime", "ip-address", "CIDR", "cidr", "uri", "binary", "json"]),
};

/** Turns schemas into TypeScript types, and puts the interfaces that they need into the model. */
export class TypeWriter {
  readonly #model: Pick<Model, "interfaces" | "aliases">;

  constructor(model: Pick<Model, "interfaces" | "aliases">) {
    this.#model = model;
  }

  /** Puts a definition into the model, as an interface or an alias. */
  define(name: string, schema: SchemaFact): void {
    if (isStructure(schema)) this.#addInterface(name, schema);
    else this.#model.aliases.set(name, this.type(schema, name, name));
  }

  /** The type of a schema that stands in a place, e.g. `HostConfig.LogConfig` or `ExecInspect 200`. */
  type(schema: SchemaFact, where: string, owner: string): string {
    checkFormat(schema, where);
    if (schema.$ref !== undefined) return schema.$ref;
    if (schema.enum !== undefined) return enumType(schema.enum, where);
    if (isStructure(schema)) return this.#inline(schema, where, owner);
    if (schema.allOf !== undefined) return onlyBase(schema.allOf, where);
    return this.#plain(schema, where, owner);
  }

  #plain(schema: SchemaFact, where: string, owner: string): string {
    if (schema.items !== undefined) return listOf(this.#withNull(schema.items, `${where}[]`, owner));
    if (schema.map === true) return "Record<string, unknown>";
    if (schema.map !== undefined) return `Record<string, ${this.#withNull(schema.map, `${where}{}`, owner)}>`;
    switch (schema.type) {
      case "string":
      case "boolean":
      case "number":
        return schema.type;
      case "integer":
        return "number";
      case "object":
        return "Record<string, unknown>";
      case "array":
        throw new GenerateError(`${where}: a list without items`);
      case undefined:
        return "unknown";
      default:
        return schema.type satisfies never;
    }
  }

  #withNull(schema: SchemaFact, where: string, owner: string): string {
    return this.type(schema, where, owner) + (schema.nullable === true ? " | null" : "");
  }

  #inline(schema: SchemaFact, where: string, owner: string): string {
    const name = nameOf(owner, where);
    this.#addInterface(name, schema);
    return name;
  }

  #addInterface(name: string, schema: SchemaFact): void {
    const parts = [schema, ...(schema.allOf ?? [])];
    const fields = new Map(parts.flatMap((part) => this.#fields(name, part)));
    const bases = parts.flatMap((part) => part.$ref ?? []);
    const added: Interface = { name, bases, fields };
    const known = this.#model.interfaces.get(name);
    if (known !== undefined && printInterface(known) !== printInterface(added)) {
      throw new GenerateError(`${name} names two different types`);
    }
    this.#model.interfaces.set(name, added);
  }

  #fields(owner: string, schema: SchemaFact): readonly (readonly [string, Field])[] {
    const required = new Set(schema.required);
    return Object.entries(schema.properties ?? {}).map(([name, field]) => [
      name,
      {
        type: this.type(field, `${owner}.${name}`, owner),
        optional: !required.has(name),
        // What is left out when it is absent is never null.
        nullable: field.nullable === true && field.omitted !== true,
        since: field.since,
      },
    ]);
  }
}

/** A list of the type. */
function listOf(type: string): string {
  return /[ |]/.test(type) && !type.startsWith("Record<") ? `(${type})[]` : `${type}[]`;
}

function isStructure(schema: SchemaFact): boolean {
  const parts = [schema, ...(schema.allOf ?? [])];
  return parts.some((part) => part.properties !== undefined);
}

function onlyBase(parts: readonly SchemaFact[], where: string): string {
  const [base, second] = parts.flatMap((part) => part.$ref ?? []);
  if (base === undefined || second !== undefined) throw new GenerateError(`${where}: exactly one base is expected`);
  return base;
}

// The engine may add values at any time, so a union stays open for the values that it sends.
function enumType(values: readonly unknown[], where: string): string {
  if (values.every((value) => typeof value === "string")) {
    return `${values.map((value) => JSON.stringify(value)).join(" | ")} | (string & {})`;
  }
  if (values.every((value) => typeof value === "number")) return `${values.join(" | ")} | (number & {})`;
  if (JSON.stringify(values) === "[{}]") return "EmptyObject";
  throw new GenerateError(`${where}: unknown kind of enum ${JSON.stringify(values)}`);
}

function checkFormat(schema: SchemaFact, where: string): void {
  if (schema.format === undefined) return;
  if (!formats[schema.type ?? ""]?.has(schema.format)) {
    throw new GenerateError(`${where}: unknown format ${schema.format} of ${schema.type ?? "no type"}`);
  }
}
