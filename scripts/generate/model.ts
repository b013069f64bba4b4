import { GenerateError } from "./facts.ts";

/** How a query parameter is written into the URL. */
export type QueryType = "boolean" | "integer" | "number" | "string" | "strings" | "json" | "timestamp";

/** What the engine reads as the body. */
export type BodyFormat = "json" | "tar" | "bytes";

/** What the engine answers with. */
export type AnswerFormat =
  | "empty"
  | "json"
  | "text"
  | "headers"
  | "frames"
  | "json-stream"
  | "progress"
  | "tar"
  | "upgrade";

/** A property of a generated interface. */
export interface Field {
  type: string;
  optional: boolean;
  nullable: boolean;
  since?: string | undefined;
  note?: string | undefined;
}

/** A generated interface. */
export interface Interface {
  readonly name: string;
  readonly bases: readonly string[];
  readonly fields: Map<string, Field>;
}

/** A query or header parameter, by the name of our option. */
export interface Parameter {
  readonly name: string;
  /** The name of the header; absent for a query parameter. */
  readonly header?: string | undefined;
  as: QueryType | "base64url-json";
  type: string;
  required: boolean;
  since?: string | undefined;
  note?: string | undefined;
}

/** The body of an operation. */
export interface Body {
  format: BodyFormat;
  required: boolean;
  readonly type: string | undefined;
  readonly since: Map<string, string>;
}

/** One documented answer: what it means, and the type of its value. */
export interface Answer {
  readonly kind: string;
  type: string | undefined;
}

/** One operation, ready to be corrected and printed. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly since: string;
  readonly undocumented: boolean;
  slashes: boolean;
  unversioned: boolean;
  long: boolean;
  format: AnswerFormat;
  readonly parameters: Map<string, Parameter>;
  body: Body | undefined;
  readonly answers: Map<number, Answer>;
  readonly bigints: string[];
  filters: readonly string[] | undefined;
}

/** Everything that is printed. */
export interface Model {
  readonly interfaces: Map<string, Interface>;
  readonly aliases: Map<string, string>;
  readonly operations: Map<string, Operation>;
}

/** The operation with this id. Throws a `GenerateError` when there is none. */
export function operationOf(model: Model, id: string): Operation {
  const operation = model.operations.get(id);
  if (operation === undefined) throw new GenerateError(`there is no operation ${id}`);
  return operation;
}

/** The parameter with this name. Throws a `GenerateError` when there is none. */
export function parameterOf(operation: Operation, name: string): Parameter {
  const parameter = operation.parameters.get(name);
  if (parameter === undefined) throw new GenerateError(`${operation.id} has no parameter ${name}`);
  return parameter;
}

/** The interface with this name. Throws a `GenerateError` when there is none. */
export function interfaceOf(model: Model, name: string): Interface {
  const found = model.interfaces.get(name);
  if (found === undefined) throw new GenerateError(`there is no type ${name} with fields`);
  return found;
}

/** The field named as `Type.Field`. Throws a `GenerateError` when there is none. */
export function fieldOf(model: Model, path: string): Field {
  const [type = "", name = ""] = path.split(".");
  const field = interfaceOf(model, type).fields.get(name);
  if (field === undefined) throw new GenerateError(`${type} has no field ${name}`);
  return field;
}
