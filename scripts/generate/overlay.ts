import type { Correction, OperationRow, ParameterRow } from "./corrections.ts";
import { GenerateError } from "./facts.ts";
import { type Field, fieldOf, interfaceOf, type Model, type Operation, operationOf, parameterOf } from "./model.ts";

/**
 * Applies the corrections in order. Throws a `GenerateError` for a row whose target is missing or which changes
 * nothing, because the spec has caught up with it.
 */
export function applyCorrections(model: Model, corrections: readonly Correction[]): void {
  for (const row of corrections) {
    try {
      applyOne(model, row);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new GenerateError(`the correction ${label(row)} no longer applies: ${reason}`, { cause });
    }
  }
}

function label(row: Correction): string {
  const { because: _because, source: _source, ...change } = row;
  return JSON.stringify(change);
}

function applyOne(model: Model, row: Correction): void {
  switch (row.fix) {
    case "add-operation":
      return addOperation(model, row);
    case "add-type":
      return addType(model, row.name, row.fields);
    case "add-field":
      return addField(model, row.field, row.type, row.because);
    case "retype-field":
      return retypeField(fieldOf(model, row.field), row.type, row.because);
    case "required":
    case "nullable":
    case "not-null":
      for (const name of row.fields) markField(fieldOf(model, `${row.type}.${name}`), name, row.fix);
      return;
    case "bigint":
      for (const path of row.fields) retypeField(fieldOf(model, path), "bigint", row.because);
      break;
  }
  for (const id of row.operations) applyToOperation(operationOf(model, id), row);
}

type OperationChange = Exclude<
  Correction,
  { fix: "add-operation" | "add-type" | "add-field" | "retype-field" | "required" | "nullable" | "not-null" }
>;

function applyToOperation(operation: Operation, row: OperationChange): void {
  switch (row.fix) {
    case "add-parameter":
      expect(!operation.parameters.has(row.name), `${operation.id} has the parameter`);
      operation.parameters.set(row.name, { ...parameterFrom(row), required: false, since: row.since });
      return;
    case "retype-parameter":
      return retypeParameter(operation, row);
    case "drop-parameter":
      return expect(operation.parameters.delete(row.name), `${operation.id} has no such parameter`);
    case "require-parameter":
    case "relax-parameter":
      return requireParameter(operation, row.name, row.fix === "require-parameter");
    case "bigint":
      operation.bigints.push(...row.fields.map((path) => path.split(".")[1] ?? path));
      return;
    case "filters":
      expect(operation.parameters.has("filters") && operation.filters === undefined, `${operation.id} takes none`);
      operation.filters = row.keys;
      return;
    case "since":
      for (const name of row.names) setSince(operation, name, row.since);
      return;
    case "long":
    case "slashes":
    case "unversioned":
      expect(!operation[row.fix], `${operation.id} has the flag`);
      operation[row.fix] = true;
      return;
    case "require-body":
    case "body-format":
      return changeBody(operation, row);
    case "add-answer":
    case "drop-answer":
    case "answer-type":
    case "answer-format":
      return changeAnswer(operation, row);
    default:
      row satisfies never;
  }
}

function changeBody(
  operation: Operation,
  row: Extract<OperationChange, { fix: "require-body" | "body-format" }>,
): void {
  const { body } = operation;
  if (body === undefined) throw new GenerateError(`${operation.id} reads no body`);
  if (row.fix === "body-format") {
    expect(body.format !== row.format, `${operation.id} reads that already`);
    body.format = row.format;
  } else {
    expect(!body.required, `${operation.id} requires its body`);
    body.required = true;
  }
}

type AnswerChange = Extract<OperationChange, { fix: "add-answer" | "drop-answer" | "answer-type" | "answer-format" }>;

function changeAnswer(operation: Operation, row: AnswerChange): void {
  switch (row.fix) {
    case "add-answer":
      expect(!operation.answers.has(row.status), `${operation.id} has the answer`);
      operation.answers.set(row.status, { kind: row.kind, type: undefined });
      return;
    case "drop-answer":
      return expect(operation.answers.delete(row.status), `${operation.id} has no such answer`);
    case "answer-type": {
      const answer = operation.answers.get(row.status);
      expect(answer !== undefined && answer.type !== row.type, `${operation.id} answers so already`);
      operation.answers.set(row.status, { kind: answer?.kind ?? "", type: row.type });
      return;
    }
    case "answer-format":
      expect(operation.format !== row.format, `${operation.id} answers so already`);
      operation.format = row.format;
      return;
    default:
      row satisfies never;
  }
}

const parameterTypes: Readonly<Record<ParameterRow["as"], string>> = {
  boolean: "boolean",
  integer: "number",
  number: "number",
  string: "string",
  strings: "readonly string[]",
  json: "Record<string, unknown>",
  timestamp: "number | string | Date",
  "base64url-json": "Record<string, unknown>",
};

function parameterFrom(row: ParameterRow) {
  const { name, as, header, because } = row as ParameterRow & Correction; // rows reach this place as corrections only
  return { name, as, header, type: row.type ?? parameterTypes[as], note: because };
}

function retypeParameter(operation: Operation, row: ParameterRow): void {
  const old = parameterOf(operation, row.name);
  const next = parameterFrom(row);
  expect(old.as !== next.as || old.type !== next.type, `${operation.id} ${row.name} is typed so already`);
  Object.assign(old, { as: next.as, type: next.type, note: next.note });
}

function requireParameter(operation: Operation, name: string, required: boolean): void {
  const parameter = parameterOf(operation, name);
  expect(parameter.required !== required, `${operation.id} ${name} is so already`);
  parameter.required = required;
}

function setSince(operation: Operation, name: string, since: string): void {
  const parameter = operation.parameters.get(name);
  const old = parameter?.since ?? operation.body?.since.get(name);
  expect(old !== since && (old !== undefined || parameter !== undefined), `${operation.id} ${name} has no such gate`);
  const next = since === "1.40" ? undefined : since;
  if (parameter !== undefined) parameter.since = next;
  else if (next === undefined) operation.body?.since.delete(name);
  else operation.body?.since.set(name, next);
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

function expect(condition: boolean, otherwise: string): void {
  if (!condition) throw new GenerateError(otherwise);
}
