import type { Correction, OperationRow } from "./corrections.ts";
import { expect } from "./expect.ts";
import { type Field, fieldOf, interfaceOf, type Model } from "./model.ts";

/** A correction of the models, or one that adds an operation. */
export type ModelCorrection =
  | Exclude<Correction, { readonly operations: readonly string[] }>
  | Extract<Correction, { fix: "bigint" }>;

/** Applies one correction. Throws a `GenerateError` when it does not apply. */
export function applyToModel(model: Model, row: ModelCorrection): void {
  switch (row.fix) {
    case "add-operation":
      addOperation(model, row);
      break;
    case "add-type":
      addType(model, row.name, row.fields);
      break;
    case "add-field":
      addField(model, row.field, row.type, row.because);
      break;
    case "retype-field":
      retypeField(fieldOf(model, row.field), row.type, row.because);
      break;
    case "bigint":
      for (const path of row.fields) retypeField(fieldOf(model, path), "bigint", row.because);
      break;
    case "required":
    case "nullable":
    case "not-null":
      for (const name of row.fields) markField(fieldOf(model, `${row.type}.${name}`), name, row.fix);
      break;
    default:
      row satisfies never;
  }
}

function addOperation(model: Model, row: OperationRow): void {
  expect(!model.operations.has(row.id), "the spec has the operation");
  const answers = Object.entries(row.answers).map(
    ([status, kind]) => [Number(status), { kind, type: Number(status) < 300 ? row.type : undefined }] as const,
  );
  model.operations.set(row.id, {
    ...{ id: row.id, method: row.method, path: row.path, since: "1.40", undocumented: true },
    ...{ slashes: false, unversioned: false, long: false, bigints: [], filters: undefined },
    format: row.type === undefined ? "empty" : "json",
    parameters: new Map(),
    body: row.body === undefined ? undefined : { format: "json", required: true, type: row.body, since: new Map() },
    answers: new Map(answers),
  });
}

function addType(model: Model, name: string, fields: Readonly<Record<string, string>>): void {
  expect(!model.interfaces.has(name) && !model.aliases.has(name), "the type exists");
  const entries = Object.entries(fields).map(([field, type]) => {
    const optional = field.endsWith("?");
    return [field.replace("?", ""), { type, optional, nullable: false }] as const;
  });
  model.interfaces.set(name, { name, bases: [], fields: new Map<string, Field>(entries) });
}

function addField(model: Model, path: string, type: string, note: string): void {
  const [owner = "", name = ""] = path.split(".");
  const { fields } = interfaceOf(model, owner);
  expect(!fields.has(name), `${path} exists`);
  fields.set(name, { type, optional: true, nullable: false, note });
}

function retypeField(field: Field, type: string, note: string): void {
  expect(field.type !== type, "the field is typed so already");
  field.type = type;
  field.note = note;
}

function markField(field: Field, name: string, mark: "required" | "nullable" | "not-null"): void {
  const before = JSON.stringify(field);
  if (mark === "required") field.optional = false;
  else field.nullable = mark === "nullable";
  expect(JSON.stringify(field) !== before, `${name} is so already`);
}
