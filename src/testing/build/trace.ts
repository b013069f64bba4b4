import { Buffer } from "node:buffer";
import type { Report } from "../operations/progress.ts";
import { sha256 } from "../state/ids.ts";
import { red } from "./step-reports.ts";

/** A step of a build, as BuildKit's trace has it. */
interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly startedMs: number;
  cached: boolean;
}

/**
 * Tells of a build as BuildKit does: what the classic builder says becomes a trace (moby/buildkit:api/services/control/
 * control.proto, `StatusResponse`).
 *
 * @param now the time, in milliseconds since 1970
 */
export async function* asTrace(reports: AsyncIterable<Report>, now: () => number): AsyncGenerator<Report> {
  let vertex: Vertex | undefined;
  let id: unknown;
  const end = (error?: string) => (vertex === undefined ? [] : [vertexReport(vertex, now(), error)]);
  try {
    for await (const { stream = "", aux } of reports) {
      const [, name] = /^Step \d+\/\d+ : ([\s\S]*)$/.exec(stream) ?? [];
      id = aux ?? id;
      if (name !== undefined) {
        yield* end();
        vertex = { digest: digestOf(name, vertex), name, inputs: inputsOf(vertex), startedMs: now(), cached: false };
        yield vertexReport(vertex);
      } else if (vertex !== undefined && stream === " ---> Using cache\n") {
        vertex.cached = true;
      } else if (vertex !== undefined && isOutput(stream)) {
        yield logReport(vertex, stream, now());
      }
    }
  } catch (error) {
    yield* end(error instanceof Error ? error.message : String(error));
    throw error;
  }
  yield* end();
  yield* exported(vertex, now());
  yield { id: "moby.image.id", aux: id };
}

/** What is neither a program's output nor told in another way. */
function isOutput(stream: string): boolean {
  return stream !== "" && stream !== "\n" && !/^( ---> |Successfully |# Executing )/.test(stream);
}

function digestOf(name: string, before: Vertex | undefined): string {
  return `sha256:${sha256(`${before?.digest ?? ""} ${name}`)}`;
}

function inputsOf(before: Vertex | undefined): string[] {
  return before === undefined ? [] : [before.digest];
}

function* exported(before: Vertex | undefined, ms: number): Generator<Report> {
  const name = "exporting to image";
  const vertex = { digest: digestOf(name, before), name, inputs: inputsOf(before), startedMs: ms, cached: false };
  yield vertexReport(vertex);
  const id = "exporting layers";
  const status = [
    bytes(1, id),
    bytes(2, vertex.digest),
    bytes(3, id),
    ...[6, 7, 8].map((field) => timestamp(field, ms)),
  ];
  yield report(bytes(2, Buffer.concat(status)));
  yield vertexReport(vertex, ms);
}

function vertexReport({ digest, inputs, name, cached, startedMs }: Vertex, endMs?: number, error = ""): Report {
  const fields = [bytes(1, digest), ...inputs.map((input) => bytes(2, input)), bytes(3, name)];
  const ended = endMs === undefined ? [] : [timestamp(6, endMs)];
  const failed = error === "" ? [] : [bytes(7, error)];
  const wasThere = cached ? [integer(4, 1)] : [];
  return report(bytes(1, Buffer.concat([...fields, ...wasThere, timestamp(5, startedMs), ...ended, ...failed])));
}

function logReport({ digest }: Vertex, stream: string, ms: number): Report {
  const isError = stream.startsWith(red.on);
  const text = isError ? stream.slice(red.on.length, -red.off.length) : stream;
  const fields = [bytes(1, digest), timestamp(2, ms), integer(3, isError ? 2 : 1), bytes(4, text)];
  return report(bytes(3, Buffer.concat(fields)));
}

function report(status: Uint8Array): Report {
  return { id: "moby.buildkit.trace", aux: Buffer.from(status).toString("base64") };
}

/** A field of protobuf's with a length: a text, bytes, or a message. */
function bytes(field: number, value: string | Uint8Array): Uint8Array {
  const data = Buffer.from(value);
  return Buffer.concat([varint(field * 8 + 2), varint(data.length), data]);
}

function integer(field: number, value: number): Uint8Array {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

/** A `google.protobuf.Timestamp`. */
function timestamp(field: number, ms: number): Uint8Array {
  const seconds = Math.floor(ms / 1000);
  return bytes(field, Buffer.concat([integer(1, seconds), integer(2, Math.round((ms - seconds * 1000) * 1e6))]));
}

function varint(value: number): Uint8Array {
  const digits: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    digits.push((rest % 0x80) + 0x80);
  }
  return Uint8Array.from([...digits, rest]);
}
