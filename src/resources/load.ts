import { decodeProgress, type ProgressEvent } from "../codecs/progress.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, type OperationId, unwrapper } from "../engine/engine.ts";
import type { CallInput } from "../engine/request.ts";
import type { ImageCreateOutcome, ImageLoadOutcome } from "../generated/outcomes.ts";
import type { ImageCreateParameters, ImageLoadParameters } from "../generated/parameters.ts";
import { type ByteSource, toBody } from "./byte-source.ts";
import { split } from "./options.ts";
import { ProgressCall, type ProgressReader, ProgressRun } from "./progress-call.ts";

/** Options of `images.load`. */
export type LoadOptions = CallOptions & ImageLoadParameters;

/** What a load came to. */
export interface LoadResult {
  /** The names of the images that were loaded, or the ids of those that have no name, as the engine says them. */
  readonly images: readonly string[];
}

/** A running `images.load`: await it for the result, or iterate it for the progress. */
export type LoadCall = ProgressCall<LoadResult, ImageLoadOutcome<LoadResult>>;

/** What `images.import` makes an image of: a tar, or the URL from which the engine fetches one. */
export type ImportSource = URL | Exclude<ByteSource, string>;

/** Options of `images.import`. */
export type ImportOptions = CallOptions &
  Pick<ImageCreateParameters, "repo" | "tag" | "message" | "changes" | "platform">;

/** What an import came to. */
export interface ImportResult {
  /** The new image's id, e.g. `sha256:…`. */
  readonly id: string;
}

/** A running `images.import`: await it for the result, or iterate it for the progress. */
export type ImportCall = ProgressCall<ImportResult, ImageCreateOutcome<ImportResult>>;

/** Starts `images.load`. */
export function loadImages(engine: Engine, tar: ByteSource, options: LoadOptions): LoadCall {
  const { parameters, ...input } = split(options);
  const begun = begin<ImageLoadOutcome<AsyncIterable<ProgressEvent>>>(engine, "ImageLoad", {
    ...input,
    // The daemon's default is quiet (moby:daemon/server/router/image/image_routes.go:304): no progress at all.
    parameters: { quiet: false, ...parameters },
    body: toBody(tar),
  });
  const run = new ProgressRun<LoadResult, ImageLoadOutcome<LoadResult>>(begun, new LoadReader());
  return new ProgressCall(run, unwrapper("ImageLoad"));
}

/** Starts `images.import`. */
export function importImage(engine: Engine, source: ImportSource, options: ImportOptions): ImportCall {
  const { repo, tag, ...rest } = options;
  const { parameters, ...input } = split(rest);
  const isUrl = source instanceof URL;
  const begun = begin<ImageCreateOutcome<AsyncIterable<ProgressEvent>>>(engine, "ImageCreate", {
    ...input,
    // Podman 4.3 takes no notice of `tag`, and every engine reads it behind the name.
    parameters: {
      ...parameters,
      repo: tag === undefined ? repo : `${repo}:${tag}`,
      fromSrc: isUrl ? source.href : "-",
    },
    body: isUrl ? undefined : toBody(source),
  });
  const run = new ProgressRun<ImportResult, ImageCreateOutcome<ImportResult>>(begun, new ImportReader());
  return new ProgressCall(run, unwrapper("ImageCreate"));
}

function begin<O>(engine: Engine, id: OperationId, input: CallInput): Promise<O> {
  return engine.outcome<O>(id, input, (response, context) =>
    decodeProgress(response.chunks(), { status: response.status, context }),
  );
}

class LoadReader implements ProgressReader<LoadResult> {
  readonly #images: string[] = [];

  add({ stream = "" }: ProgressEvent): void {
    // Podman puts several names into one line.
    const names = /^Loaded image(?: ID)?(?:\(s\))?: (.+)$/m.exec(stream)?.[1];
    this.#images.push(...(names?.trim().split(/,\s*/) ?? []));
  }

  result(): LoadResult {
    return { images: this.#images };
  }
}

class ImportReader implements ProgressReader<ImportResult> {
  #id = "";

  add({ status, id }: ProgressEvent): void {
    this.#id = [status, id].find((text) => /^(sha256:)?[0-9a-f]{64}$/.test(text ?? "")) ?? this.#id;
  }

  result(): ImportResult {
    return { id: this.#id };
  }
}
