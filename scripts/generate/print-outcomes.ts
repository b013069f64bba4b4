import { operationComment } from "./build.ts";
import type { Answer, AnswerFormat, Model, Operation } from "./model.ts";
import { comment } from "./print-models.ts";
import { printImport } from "./print-parameters.ts";

/** Prints outcomes.ts, without its header. */
export function printOutcomes(model: Model): string {
  const operations = [...model.operations.values()];
  const text = [...operations.map(printOne), printTable(operations)].join("\n");
  return `${printImport(model, text)}import type { Answer, Failure } from "./outcome.ts";\n\n${text}`;
}

const streams: ReadonlySet<AnswerFormat> = new Set(["frames", "json-stream", "progress", "tar", "upgrade"]);

function printOne(operation: Operation): string {
  const { id, answers, format } = operation;
  const members = [...answers].sort(([left], [right]) => left - right).map((entry) => printAnswer(entry, format));
  const generic = streams.has(format) ? "<Stream>" : "";
  const lines = members.map((member) => `\n  | ${member}`).join("");
  return `${operationComment(operation)}export type ${id}Outcome${generic} =${lines};\n`;
}

function printAnswer([status, { kind, type }]: readonly [number, Answer], format: AnswerFormat): string {
  if (status >= 400) return `Failure<"${kind}", ${status}>`;
  return `Answer<"${kind}", ${status}, ${valueType(status, type, format)}>`;
}

function valueType(status: number, type: string | undefined, format: AnswerFormat): string {
  if (status === 304) return "undefined";
  // After an upgrade the stream is the value; a plain success beside it has none.
  if (format === "upgrade") return status === 101 ? "Stream" : "undefined";
  return streams.has(format) ? "Stream" : (type ?? "undefined");
}

function printTable(operations: readonly Operation[]): string {
  const lines = operations.map(({ id, format }) => `  ${id}: ${id}Outcome${streamArgument(format)};\n`);
  const says =
    "The documented answers of every operation, by its id; `Bytes` and `Connection` are the values of those that stream.";
  return `${comment(says, "")}export interface Outcomes<Bytes, Connection> {\n${lines.join("")}}\n`;
}

function streamArgument(format: AnswerFormat): string {
  if (!streams.has(format)) return "";
  return format === "upgrade" ? "<Connection>" : "<Bytes>";
}
