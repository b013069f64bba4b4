import { readFileSync } from "node:fs";
import type { Correction, ParameterRow } from "../../scripts/generate/corrections.ts";
import type { Facts, OperationFact, ParameterFact } from "../../scripts/generate/facts.ts";
import { corrections } from "../../spec/corrections.ts";
import type { CallInput } from "../../src/engine/request.ts";
import { sampleBody } from "./sample-body.ts";

/** A call with everything set that its operation takes, and what must be sent for it. */
export interface ExpectedRequest {
  readonly operation: string;
  readonly input: CallInput;
  /** Method and path with its query. */
  readonly line: string;
  /** All headers, in alphabetical order. */
  readonly headers: readonly string[];
  readonly body: string;
}

const version = "/v1.56";

/**
 * What must be sent for every operation. It is worked out from the official specification and the corrections anew, and
 * not from what the generator makes of them.
 */
export function expectedRequests(): readonly ExpectedRequest[] {
  const text = readFileSync(new URL("../../spec/engine-api.json", import.meta.url), "utf8");
  const facts: Facts = JSON.parse(text); // written by the generator
  const added = corrections.flatMap((row) => (row.fix === "add-operation" ? [[row.id, factOf(row)] as const] : []));
  return [...Object.entries(facts.operations), ...added].map(([id, fact]) => expectOne(id, fact, facts));
}

function factOf(row: Extract<Correction, { fix: "add-operation" }>): OperationFact {
  const body = row.body === undefined ? {} : { body: { schema: { type: "object" as const } } };
  return { method: row.method, path: row.path, tag: "", since: "1.40", responses: {}, ...body };
}

function expectOne(id: string, fact: OperationFact, facts: Facts): ExpectedRequest {
  const samples = parametersOf(id, fact).map((parameter) => [parameter, sampleOf(parameter)] as const);
  const pairs = samples.flatMap(([{ name, header }, { texts }]) => (header ? [] : texts.map((text) => [name, text])));
  const query = pairs
    .map(([name = "", text = ""]) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`)
    .join("&");
  const ownHeaders = samples.flatMap(([{ header }, { texts }]) => (header ? [`${header}: ${texts.join()}`] : []));
  const { input: path, text: escaped } = pathOf(id, fact);
  const body = bodyOf(id, fact, facts);
  const upgrades = "101" in fact.responses || isRow("add-answer", id, (row) => row.status === 101);
  return {
    operation: id,
    input: {
      path,
      parameters: Object.fromEntries(samples.map(([{ name }, { value }]) => [name, value])),
      ...(body && { body: body.value }),
    },
    line: `${fact.method} ${isRow("unversioned", id) ? "" : version}${escaped}${query && `?${query}`}`,
    headers: [
      "Host: localhost",
      ...(upgrades ? ["Connection: Upgrade", "Upgrade: tcp"] : ["Connection: keep-alive"]),
      ...ownHeaders,
      ...(body ? [`Content-Type: ${body.type}`, `Content-Length: ${Buffer.byteLength(body.text)}`] : []),
      // The engine refuses a start whose length it does not know.
      ...(!body && (fact.method === "POST" || fact.method === "PUT") ? ["Content-Length: 0"] : []),
    ].sort(),
    body: body?.text ?? "",
  };
}

/** A parameter as the daemon reads it. */
interface Parameter {
  readonly name: string;
  readonly header?: string | undefined;
  readonly as: ParameterRow["as"];
  readonly ofObjects: boolean;
}

function parametersOf(id: string, fact: OperationFact): readonly Parameter[] {
  const found = new Map((fact.parameters ?? []).flatMap((each) => official(each)).map((each) => [each.name, each]));
  for (const row of corrections) {
    if (row.fix === "drop-parameter" && row.operations.includes(id)) {
      found.delete(row.name);
    }
    if ((row.fix === "add-parameter" || row.fix === "retype-parameter") && row.operations.includes(id)) {
      const { name, as, header = found.get(name)?.header } = row;
      found.set(name, { name, as, header, ofObjects: row.type === "readonly OCIPlatform[]" });
    }
  }
  return [...found.values()];
}

const headerOptions: Readonly<Record<string, string>> = {
  "X-Registry-Auth": "registryAuth",
  "X-Registry-Config": "registryConfig",
};

function official({ name, in: place, type }: ParameterFact): readonly Parameter[] {
  if (place === "header") {
    // The type of the content follows from the body.
    const option = headerOptions[name];
    return option === undefined ? [] : [{ name: option, header: name, as: "base64url-json", ofObjects: false }];
  }
  if (name === "filters") {
    return [{ name, as: "json", ofObjects: false }];
  }
  return [{ name, as: type === "array" ? "strings" : (type as ParameterRow["as"]), ofObjects: false }]; // the same words
}

/** A value that shows whether it is encoded as the daemon reads it, and the texts that the daemon must get. */
function sampleOf({ as, ofObjects }: Parameter): { readonly value: unknown; readonly texts: readonly string[] } {
  switch (as) {
    case "boolean":
      return { value: false, texts: ["false"] };
    case "integer":
      return { value: -1, texts: ["-1"] };
    case "number":
      return { value: 1.5, texts: ["1.5"] };
    case "string":
      return { value: "a b&c=d+ü/%2F#?", texts: ["a b&c=d+ü/%2F#?"] };
    case "strings":
      return ofObjects
        ? {
            value: [{ os: "linux", architecture: "arm64" }, { os: "a" }],
            texts: ['{"os":"linux","architecture":"arm64"}', '{"os":"a"}'],
          }
        : { value: ["a,b", "c d"], texts: ["a,b", "c d"] };
    case "json":
      return { value: { "a&b": ["ü", "+"] }, texts: ['{"a&b":["ü","+"]}'] };
    case "timestamp":
      return { value: new Date(1_700_000_000_120), texts: ["1700000000.12"] };
    case "base64url-json":
      // In plain base64 this has a plus, a slash and padding.
      return {
        value: { username: "~~~", password: "???ü" },
        texts: ["eyJ1c2VybmFtZSI6In5-fiIsInBhc3N3b3JkIjoiPz8_w7wifQ=="],
      };
    default:
      return as satisfies never;
  }
}

function pathOf(
  id: string,
  { path }: OperationFact,
): { readonly input: Record<string, string>; readonly text: string } {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const values = names.map(
    (name, index) => [name, isRow("slashes", id) && index === 0 ? "a b/ü:1" : "c?d#%2F"] as const,
  );
  const escaped = new Map([
    ["a b/ü:1", "a%20b/%C3%BC%3A1"],
    ["c?d#%2F", "c%3Fd%23%252F"],
  ]);
  const text = values.reduce((left, [name, value]) => left.replace(`{${name}}`, escaped.get(value) ?? ""), path);
  return { input: Object.fromEntries(values), text };
}

interface Body {
  readonly value: unknown;
  readonly text: string;
  readonly type: string;
}

function bodyOf(id: string, fact: OperationFact, { definitions }: Facts): Body | undefined {
  if (fact.body === undefined) {
    return undefined;
  }
  if (fact.body.schema.type === "string") {
    const isTar =
      fact.consumes?.includes("application/x-tar") || isRow("body-format", id, ({ format }) => format === "tar");
    const text = "any bytes";
    return { value: Buffer.from(text), text, type: isTar ? "application/x-tar" : "application/octet-stream" };
  }
  const value = sampleBody(fact.body.schema, definitions);
  return { value, text: JSON.stringify(value), type: "application/json" };
}

/** Whether a correction of that kind names the operation. */
function isRow<Fix extends "add-answer" | "unversioned" | "slashes" | "body-format">(
  fix: Fix,
  id: string,
  holds: (row: Extract<Correction, { fix: Fix }>) => boolean = () => true,
): boolean {
  return corrections.some((row) => {
    const one = row.fix === fix ? (row as Extract<Correction, { fix: Fix }>) : undefined; // the compiler cannot narrow by a parameter
    return one !== undefined && "operations" in one && one.operations.includes(id) && holds(one);
  });
}
