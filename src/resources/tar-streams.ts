import { StreamCall } from "../call.ts";
import { decodePathStat, type PathStat } from "../codecs/path-stat.ts";
import { guardTar } from "../codecs/tar-guard.ts";
import type { AnswerContext, EngineResponse, OpenStream } from "../engine/answer.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import type { CallInput } from "../engine/request.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import type { ContainerArchiveOutcome, ContainerExportOutcome, ImageGetOutcome } from "../generated/outcomes.ts";
import { ByteStream } from "./byte-stream.ts";

/** A tar of a path in a container, and what the path is. */
export class ArchiveStream extends ByteStream {
  /** What the path is. */
  readonly stat: PathStat;

  /** Made by the resources' methods, never by callers. */
  constructor(source: AsyncIterableIterator<Uint8Array>, stat: PathStat) {
    super(source);
    this.stat = stat;
  }
}

/** A running `containers.getArchive`: await it for the stream and the path's `stat`, or iterate it for the bytes. */
export type ArchiveCall = StreamCall<Uint8Array, ArchiveStream, ContainerArchiveOutcome<ArchiveStream>>;
/** A running `containers.export`: await it for the stream, or iterate it for the bytes. */
export type ExportCall = StreamCall<Uint8Array, ByteStream, ContainerExportOutcome<ByteStream>>;
/** A running `images.save`: await it for the stream, or iterate it for the bytes. */
export type SaveCall = StreamCall<Uint8Array, ByteStream, ImageGetOutcome<ByteStream>>;

/** Starts `containers.getArchive`. */
export function getArchive(engine: Engine, input: CallInput): ArchiveCall {
  const outcome = engine.outcome<ContainerArchiveOutcome<ArchiveStream>>("ContainerArchive", input, openArchive);
  return new StreamCall(outcome, unwrapper("ContainerArchive"));
}

/** Starts `containers.export`. */
export function exportContainer(engine: Engine, input: CallInput): ExportCall {
  const outcome = engine.outcome<ContainerExportOutcome<ByteStream>>("ContainerExport", input, openTar);
  return new StreamCall(outcome, unwrapper("ContainerExport"));
}

/** Starts `images.save`. */
export function saveImages(engine: Engine, names: string | readonly string[], input: CallInput): SaveCall {
  // Both operations document the same answers.
  return typeof names === "string"
    ? new StreamCall(
        engine.outcome<ImageGetOutcome<ByteStream>>("ImageGet", { ...input, path: { name: names } }, openTar),
        unwrapper("ImageGet"),
      )
    : new StreamCall(saveAll(engine, names, input), unwrapper("ImageGetAll"));
}

/** Asynchronous, so that an empty list rejects the call instead of being thrown beside it. */
async function saveAll(
  engine: Engine,
  names: readonly string[],
  input: CallInput,
): Promise<ImageGetOutcome<ByteStream>> {
  if (names.length === 0) {
    // The daemon would answer with an empty tar.
    throw new InvalidRequestError("The list of images to save is empty", {
      operation: "ImageGetAll",
      parameter: "names",
    });
  }
  return engine.outcome("ImageGetAll", { ...input, parameters: { ...input.parameters, names } }, openTar);
}

const openTar: OpenStream = (response, context) => new ByteStream(tarOf(response, context));

const openArchive: OpenStream = (response, context) => {
  const { status, headers } = response;
  try {
    const stat = decodePathStat(headers["x-docker-container-path-stat"], { status, context });
    return new ArchiveStream(tarOf(response, context), stat);
  } catch (error) {
    response.destroy();
    throw error;
  }
};

function tarOf(response: EngineResponse, context: AnswerContext): AsyncIterableIterator<Uint8Array> {
  return guardTar(response.chunks(), { status: response.status, context });
}
