import type { Correction, ParameterRow } from "./corrections.ts";
import { expect } from "./expect.ts";
import { type Operation, type Parameter, parameterOf } from "./model.ts";

/** A correction of operations. */
export type OperationCorrection = Extract<Correction, { readonly operations: readonly string[] }>;

/** Applies one correction. Throws a `GenerateError` when it does not apply. */
export function applyToOperation(operation: Operation, row: OperationCorrection): void {
  switch (row.fix) {
    case "add-parameter":
    case "retype-parameter":
    case "drop-parameter":
    case "require-parameter":
    case "relax-parameter":
      changeParameter(operation, row);
      break;
    case "filters":
      expect(operation.parameters.has("filters") && operation.filters === undefined, `${operation.id} takes none`);
      operation.filters = row.keys;
      break;
    case "since":
      for (const name of row.names) setSince(operation, name, row.since);
      break;
    case "add-answer":
    case "drop-answer":
    case "answer-type":
    case "answer-format":
      changeAnswer(operation, row);
      break;
    case "body-format":
      expect(
        operation.body !== undefined && operation.body.format !== row.format,
        `${operation.id} reads that already`,
      );
      operation.body.format = row.format;
      break;
    case "bigint":
      for (const [, key = ""] of row.fields.map((path) => path.split("."))) {
        operation.bigints.push(row.within === undefined ? key : `${row.within}.${key}`);
      }
      break;
    case "long":
    case "slashes":
    case "unversioned":
      expect(!operation[row.fix], `${operation.id} has the flag`);
      operation[row.fix] = true;
      break;
    default:
      row satisfies never;
  }
}

type ParameterChange = Extract<
  OperationCorrection,
  { fix: "add-parameter" | "retype-parameter" | "drop-parameter" | "require-parameter" | "relax-parameter" }
>;

function changeParameter(operation: Operation, row: ParameterChange): void {
  const { parameters, id } = operation;
  switch (row.fix) {
    case "add-parameter":
      expect(!parameters.has(row.name), `${id} has the parameter`);
      parameters.set(row.name, newParameter(row, row.because));
      break;
    case "retype-parameter": {
      const old = parameterOf(operation, row.name);
      const next = newParameter(row, row.because);
      expect(old.as !== next.as || old.type !== next.type, `${id} ${row.name} is typed so already`);
      parameters.set(row.name, { ...next, required: old.required, since: old.since });
      break;
    }
    case "drop-parameter":
      expect(parameters.delete(row.name), `${id} has no parameter ${row.name}`);
      break;
    case "require-parameter":
    case "relax-parameter": {
      const parameter = parameterOf(operation, row.name);
      expect(parameter.required !== (row.fix === "require-parameter"), `${id} ${row.name} is so already`);
      parameter.required = !parameter.required;
      break;
    }
    default:
      row satisfies never;
  }
}

const typeOf: Readonly<Record<ParameterRow["as"], string>> = {
  boolean: "boolean",
  integer: "number",
  number: "number",
  string: "string",
  strings: "readonly string[]",
  json: "Record<string, unknown>",
  timestamp: "number | string | Date",
  "base64url-json": "Record<string, unknown>",
};

function newParameter({ name, as, header, type, since }: ParameterRow, note: string): Parameter {
  return { name, as, header, type: type ?? typeOf[as], required: false, since, note };
}

function setSince(operation: Operation, name: string, since: string): void {
  const parameter = operation.parameters.get(name);
  const gates = operation.body?.since;
  const old = parameter?.since ?? gates?.get(name);
  expect(old !== undefined && old !== since, `${operation.id} ${name} has no such gate`);
  const next = since === "1.40" ? undefined : since;
  if (parameter !== undefined) parameter.since = next;
  else if (next === undefined) gates?.delete(name);
  else gates?.set(name, next);
}

type AnswerChange = Extract<
  OperationCorrection,
  { fix: "add-answer" | "drop-answer" | "answer-type" | "answer-format" }
>;

function changeAnswer(operation: Operation, row: AnswerChange): void {
  const { answers, id } = operation;
  switch (row.fix) {
    case "add-answer":
      expect(!answers.has(row.status), `${id} has the answer`);
      answers.set(row.status, { kind: row.kind, type: undefined });
      break;
    case "drop-answer":
      expect(answers.delete(row.status), `${id} has no answer ${row.status}`);
      break;
    case "answer-type": {
      const answer = answers.get(row.status);
      expect(answer !== undefined && answer.type !== row.type, `${id} answers so already`);
      answer.type = row.type;
      break;
    }
    case "answer-format":
      expect(operation.format !== row.format, `${id} answers so already`);
      operation.format = row.format;
      break;
    default:
      row satisfies never;
  }
}
