import { Buffer } from "node:buffer";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import type { HeaderParameter, Operation, QueryParameter } from "../generated/operation.ts";
import { encodeTimestamp } from "./timestamp.ts";

/** An operation's parameters under the Engine's names, as the caller gave them. */
export type ParameterValues = Readonly<Record<string, unknown>>;

/** Parameters in the form in which they are sent. */
export interface EncodedParameters {
  /** With its leading `?`; empty when there is nothing to say. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

const none: EncodedParameters = { query: "", headers: {} };

/**
 * Encodes query and header parameters as the daemon reads them. Parameters that are `undefined` are left out.
 *
 * @throws InvalidRequestError if a parameter is unknown, missing, or of the wrong type.
 */
export function encodeParameters(operation: Operation, values: ParameterValues | undefined): EncodedParameters {
  requireAll(operation, values);
  if (values === undefined) {
    return none;
  }
  const pairs: string[] = [];
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) {
      continue;
    }
    const query = own(operation.query, name);
    const header = own(operation.headers, name);
    if (query !== undefined) {
      pairs.push(...encodeQuery(operation, name, query, value));
    } else if (header?.type === "base64url-json" && typeof value === "boolean") {
      // Says whose credentials are wanted. By now they are there, or there are none.
    } else if (header !== undefined) {
      headers[header.name] = encodeHeader(operation, name, header, value);
    } else {
      throw invalid(operation, name, `${operation.id} has no parameter ${name}`);
    }
  }
  return { query: pairs.length === 0 ? "" : `?${pairs.join("&")}`, headers };
}

/** Not what every object inherits: a parameter may be called `constructor` by mistake. */
function own<V>(record: Readonly<Record<string, V>> | undefined, name: string): V | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

function requireAll(operation: Operation, values: ParameterValues | undefined): void {
  for (const [name, { required }] of Object.entries(operation.query ?? {})) {
    if (required && values?.[name] === undefined) {
      throw invalid(operation, name, `${operation.id} needs the parameter ${name}`);
    }
  }
}

function encodeQuery(operation: Operation, name: string, { type }: QueryParameter, value: unknown): string[] {
  const values = type === "strings" && Array.isArray(value) ? value : [value];
  return values.map((one) => {
    const text = encodeValue(type, one);
    if (text === undefined) {
      throw invalid(operation, name, `${name} must be ${wanted[type]}`);
    }
    return `${encodeURIComponent(name)}=${encodeURIComponent(text)}`;
  });
}

const wanted: Readonly<Record<QueryParameter["type"], string>> = {
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
  string: "a string",
  strings: "a list of strings or objects",
  json: "an object or a list",
  timestamp: "seconds since 1970, a Date, or RFC 3339 text, not before 1970",
};

function encodeValue(type: QueryParameter["type"], value: unknown): string | undefined {
  switch (type) {
    case "boolean":
      return typeof value === "boolean" ? String(value) : undefined;
    case "integer":
      return Number.isSafeInteger(value) ? String(value) : undefined;
    case "number":
      return Number.isFinite(value) ? String(value) : undefined;
    case "string":
      return typeof value === "string" && !/\p{Cs}/u.test(value) ? value : undefined;
    case "strings":
      return encodeValue("string", value) ?? encodeValue("json", value);
    case "json":
      return encodeJson(value);
    case "timestamp":
      return encodeTimestamp(value);
    default:
      return type satisfies never;
  }
}

function encodeHeader(operation: Operation, name: string, { type }: HeaderParameter, value: unknown): string {
  if (type === "base64url-json") {
    const text = encodeJson(value);
    if (text === undefined) {
      throw invalid(operation, name, `${name} must be an object`);
    }
    return base64url(text);
  }
  if (typeof value !== "string" || /[^\t\x20-\x7e]/.test(value)) {
    throw invalid(operation, name, `${name} must be a string of printable ASCII characters`);
  }
  return value;
}

/** Undefined if the value is no object, or holds what JSON cannot say: a circle or a bigint. */
function encodeJson(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** With padding, unlike Node's: the daemon takes credentials it cannot decode for none (moby:api/pkg/authconfig/authconfig.go:28,44). */
function base64url(text: string): string {
  return Buffer.from(text).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

function invalid({ id, method, path }: Operation, parameter: string, message: string): InvalidRequestError {
  return new InvalidRequestError(message, { operation: id, method, path, parameter });
}
