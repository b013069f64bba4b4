import { EngineStreamError } from "../errors/engine-stream-error.ts";
import type { ErrorContext } from "../errors/fairlead-error.ts";
import { DecodedStream } from "./decoded-stream.ts";
import type { JsonOptions } from "./json.ts";
import { JsonLinesDecoder } from "./json-lines.ts";

/**
 * One report of a pull, push, build, load or import that is under way. Engines may add members. A report of a failure is
 * never one of these: it is thrown.
 */
export interface ProgressEvent {
  /** What the report is about: a layer, or for other messages e.g. the tag. */
  readonly id?: string;
  /** What happens to it, e.g. `Downloading`. */
  readonly status?: string;
  /** Text that a build prints. */
  readonly stream?: string;
  /** How far it has come; an empty object when that is not known. */
  readonly progressDetail?: ProgressDetail;
  /** What else the operation reports, e.g. the image's `ID`, or BuildKit's trace. */
  readonly aux?: unknown;
}

/** How far something has come. */
export interface ProgressDetail {
  readonly current?: number;
  readonly total?: number;
  /** When it began, in seconds since 1970. */
  readonly start?: number;
  /** Whether the numbers mean nothing to a reader. */
  readonly hidecounts?: boolean;
  /** The unit of the numbers, e.g. `s`. Default: bytes. */
  readonly units?: string;
}

/**
 * Reads the progress of a pull, push, build, load or import.
 *
 * @throws (the iterator) EngineStreamError when the engine reports a failure; JsonError if a line is not a JSON object.
 */
export function decodeProgress(
  chunks: AsyncIterable<Uint8Array>,
  options: Omit<JsonOptions, "bigints"> = {},
): AsyncIterableIterator<ProgressEvent> {
  const parse = (text: string) => readEvent(JSON.parse(text), options.context);
  return new DecodedStream(chunks, new JsonLinesDecoder(parse, options));
}

/** A record as it may come: progress, or a failure in one of the forms that engines use. */
interface ProgressRecord extends ProgressEvent {
  readonly errorDetail?: { readonly code?: number; readonly message?: string } | null;
  readonly error?: unknown;
  readonly message?: unknown;
}

function readEvent(record: ProgressRecord | null, context: ErrorContext | undefined): ProgressEvent {
  if (typeof record !== "object" || record === null) {
    throw new TypeError("Progress is reported in objects");
  }
  const { errorDetail, error } = record;
  if (errorDetail || error) {
    const message = errorDetail?.message || (typeof error === "string" ? error : JSON.stringify(error ?? errorDetail));
    throw new EngineStreamError(message, { ...context, code: errorDetail?.code });
  }
  if (isErrorAnswer(record)) {
    throw new EngineStreamError(record.message, context);
  }
  return record;
}

/**
 * Whether the record is the answer to a request that failed. A handler that fails after its answer has begun writes that
 * answer behind what it has sent (moby:daemon/server/server.go:76-107).
 */
function isErrorAnswer(record: ProgressRecord): record is ProgressRecord & { readonly message: string } {
  const { message, status, stream, id, aux } = record;
  return typeof message === "string" && (status ?? stream ?? id ?? aux) === undefined;
}
