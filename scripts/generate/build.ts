import type { BodyFact, Facts, OperationFact, ParameterFact, ResponseFact } from "./facts.ts";
import { GenerateError } from "./facts.ts";
import type { Answer, AnswerFormat, Body, Model, Operation, Parameter, QueryType } from "./model.ts";
import { comment } from "./print-models.ts";
import { TypeWriter } from "./types.ts";

/** Turns facts into the model that is corrected and printed. Throws a `GenerateError` for what has no rule. */
export function buildModel(facts: Facts): Model {
  const model: Model = { interfaces: new Map(), aliases: new Map(), operations: new Map() };
  const writer = new TypeWriter(model);
  for (const [name, schema] of Object.entries(facts.definitions)) writer.define(name, schema);
  for (const [id, fact] of Object.entries(facts.operations)) model.operations.set(id, buildOperation(id, fact, writer));
  return model;
}

function buildOperation(id: string, fact: OperationFact, writer: TypeWriter): Operation {
  const parameters = (fact.parameters ?? []).flatMap((each) => buildParameter(id, each));
  const statuses = Object.entries(fact.responses).map(([status, response]) => [Number(status), response] as const);
  return {
    ...{ id, method: fact.method, path: fact.path, since: fact.since, undocumented: false },
    ...{ slashes: false, unversioned: false, long: false, bigints: [], filters: undefined },
    format: formatOf(fact),
    parameters: new Map(parameters.map((parameter) => [parameter.name, parameter])),
    body: fact.body && buildBody(id, fact.body, fact, writer),
    answers: new Map(statuses.map(([status, response]) => [status, buildAnswer(id, status, response, writer)])),
  };
}

// Types of the content are fixed by the kind of the body, and those of answers are the engine's choice.
const ignoredHeaders = new Set(["Content-type"]);

/** `true` and `false` ask for the client's own credentials, or for none. */
const headerOptions: Readonly<Record<string, Pick<Parameter, "name" | "type">>> = {
  "X-Registry-Auth": { name: "registryAuth", type: "AuthConfig | boolean" },
  "X-Registry-Config": { name: "registryConfig", type: "Record<string, AuthConfig> | boolean" },
};

function buildParameter(id: string, fact: ParameterFact): readonly Parameter[] {
  const common = { required: fact.required === true, since: fact.since };
  if (fact.in === "query") {
    const { as, type } = queryType(id, fact);
    return [{ ...common, name: fact.name, as, type }];
  }
  if (ignoredHeaders.has(fact.name)) return [];
  const option = headerOptions[fact.name];
  if (option === undefined) throw new GenerateError(`${id}: unknown header ${fact.name}`);
  return [{ ...common, ...option, header: fact.name, as: "base64url-json" }];
}

function queryType(id: string, fact: ParameterFact): { as: QueryType; type: string } {
  if (fact.name === "filters") return { as: "json", type: `${id}Filters` };
  const values = fact.enum?.map((value) => JSON.stringify(value)).join(" | ");
  switch (fact.type) {
    case "boolean":
    case "number":
      return { as: fact.type, type: fact.type };
    case "integer":
      return { as: "integer", type: "number" };
    case "string":
      return { as: "string", type: values ?? "string" };
    case "array":
      return { as: "strings", type: values === undefined ? "readonly string[]" : `readonly (${values})[]` };
    default:
      throw new GenerateError(`${id} ${fact.name}: unknown type ${fact.type}`);
  }
}

function buildBody(id: string, body: BodyFact, fact: OperationFact, writer: TypeWriter): Body {
  const since = new Map(Object.entries(body.since ?? {}));
  const required = body.required === true;
  if (body.schema.type === "string") {
    return { format: fact.consumes?.includes("application/x-tar") ? "tar" : "bytes", required, type: undefined, since };
  }
  return { format: "json", required, type: writer.type(body.schema, `${id} body`, id), since };
}

function buildAnswer(id: string, status: number, response: ResponseFact, writer: TypeWriter): Answer {
  const isValue = status < 400 && response.schema !== undefined && response.schema.format !== "binary";
  const type = isValue && response.schema ? writer.type(response.schema, `${id} ${status}`, id) : undefined;
  return { kind: response.means, type };
}

function formatOf(fact: OperationFact): AnswerFormat {
  const produces = fact.produces ?? [];
  if (fact.responses["101"] !== undefined) return "upgrade";
  if (produces.includes("application/vnd.docker.raw-stream")) return "frames";
  if (produces.includes("application/x-tar")) return "tar";
  if (produces.includes("application/jsonl")) return "json-stream";
  const successes = Object.entries(fact.responses).filter(([status]) => Number(status) < 300);
  if (successes.some(([, response]) => response.headers !== undefined)) return "headers";
  return successes.some(([, response]) => response.schema !== undefined) ? "json" : "empty";
}

/** The doc comment of an operation. */
export function operationComment({ method, path, since, undocumented }: Operation): string {
  const official = undocumented ? " The official reference does not mention it." : "";
  return comment(`\`${method} ${path}\`, since API ${since}.${official}`, "");
}
