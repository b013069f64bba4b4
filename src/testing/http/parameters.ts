import type { Operation, QueryParameter } from "../../generated/operation.ts";
import { goSyntax, Refusal } from "./refusal.ts";

type Values = Record<string, unknown>;

/**
 * Reads the parameters of a request: those in the query, and those that travel as headers, under the names and with the
 * types of the generated parameters.
 *
 * @throws Refusal if a value cannot be read as dockerd would read it.
 */
export function readParameters(
  { query = {}, headers = {} }: Operation,
  search: URLSearchParams,
  received: Readonly<Record<string, string | string[] | undefined>>,
): Values {
  const values: Values = {};
  for (const [name, { type }] of Object.entries(query)) {
    if (search.has(name)) {
      values[name] = readValue(name, type, search.getAll(name));
    }
  }
  for (const [name, header] of Object.entries(headers)) {
    const text = received[header.name.toLowerCase()];
    if (typeof text === "string") {
      values[name] = header.type === "string" ? text : readCredentials(text);
    }
  }
  return values;
}

function readValue(name: string, type: QueryParameter["type"], texts: readonly string[]): unknown {
  const [text = ""] = texts;
  switch (type) {
    case "boolean":
      return isTrue(text);
    case "integer":
    case "number":
      return readNumber(name, text);
    case "strings":
      return texts;
    case "json":
      return name === "filters" ? readFilters(text) : readJson(name, text);
    case "timestamp":
      return readTimestamp(text);
    case "string":
      return text;
  }
}

/** Everything is true but these (moby:daemon/server/httputils/form.go:18-25). */
function isTrue(text: string): boolean {
  return !["", "0", "no", "false", "none"].includes(text.trim().toLowerCase());
}

function readNumber(name: string, text: string): number | undefined {
  if (text === "") {
    return undefined;
  }
  const number = Number(text);
  if (!Number.isInteger(number)) {
    throw name === "h" || name === "w" ? badSize(name, text) : new Refusal(500, goSyntax("Atoi", text));
  }
  return number;
}

/** Resizing reads its numbers in its own way (moby:daemon/server/router/container/container_routes.go). */
function badSize(name: string, text: string): Refusal {
  const side = name === "h" ? "height" : "width";
  return new Refusal(400, `invalid resize ${side} ${JSON.stringify(text)}: invalid syntax`);
}

/** Seconds since 1970; clients turn other moments into these (moby:daemon/internal/timestamp/timestamp.go). */
function readTimestamp(text: string): string {
  if (!/^(-?\d+(\.\d+)?)?$/.test(text)) {
    throw new Refusal(500, goSyntax("ParseInt", text));
  }
  return text;
}

/** Filters come as lists or as sets (moby:daemon/internal/filters/parse.go:66-87); handlers see lists. */
function readFilters(text: string): Record<string, readonly string[]> {
  if (text === "") {
    return {};
  }
  const filters = readJson("filters", text);
  if (typeof filters !== "object" || filters === null || Array.isArray(filters)) {
    throw new Refusal(400, "invalid filter");
  }
  return Object.fromEntries(Object.entries(filters).map(([key, values]) => [key, readFilter(values)]));
}

function readFilter(values: unknown): string[] {
  if (Array.isArray(values)) {
    return values.map(String);
  }
  if (typeof values === "object" && values !== null) {
    return Object.keys(values);
  }
  throw new Refusal(400, "invalid filter");
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, name === "filters" ? "invalid filter" : `invalid ${name}: it is not JSON`);
  }
}

/** dockerd takes credentials that it cannot read for none (moby:api/pkg/authconfig/authconfig.go:28-44). */
function readCredentials(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    return {};
  }
}
