import { decodeProgress, type ProgressEvent } from "../codecs/progress.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import type { ImageCreateOutcome } from "../generated/outcomes.ts";
import type { ImageCreateParameters } from "../generated/parameters.ts";
import { parseImageReference } from "./image-reference.ts";
import { split } from "./options.ts";
import { ProgressCall, type ProgressReader, ProgressRun } from "./progress-call.ts";

/** Options of `images.pull`. */
export type PullOptions = CallOptions & Pick<ImageCreateParameters, "platform" | "registryAuth">;

/** What a pull came to. */
export interface PullResult {
  /** The image as it was asked for, with its tag or digest. */
  readonly image: string;
  /** The digest of what was pulled, if the engine told it. */
  readonly digest: string | undefined;
  /** The engine's closing words, e.g. `Image is up to date for alpine:3`. */
  readonly status: string | undefined;
}

/** A running `images.pull`: await it for the result, or iterate it for the progress. */
export type PullCall = ProgressCall<PullResult, ImageCreateOutcome<PullResult>>;

/** Starts `images.pull`. */
export function pullImage(engine: Engine, image: string, options: PullOptions): PullCall {
  const begun = begin(engine, image, options);
  const run = new ProgressRun<PullResult, ImageCreateOutcome<PullResult>>(begun, new PullReader(image));
  return new ProgressCall(run, unwrapper("ImageCreate"));
}

/** Asynchronous, so that a malformed name rejects the call instead of being thrown beside it. */
async function begin(
  engine: Engine,
  image: string,
  options: PullOptions,
): Promise<ImageCreateOutcome<AsyncIterable<ProgressEvent>>> {
  const { parameters, ...input } = split(options);
  const { fromImage, tag } = parseImageReference(image);
  return engine.outcome(
    "ImageCreate",
    { ...input, parameters: { ...parameters, fromImage, tag } },
    (response, context) => decodeProgress(response.chunks(), { status: response.status, context }),
  );
}

class PullReader implements ProgressReader<PullResult> {
  readonly #image: string;
  #digest: string | undefined;
  #status: string | undefined;

  constructor(image: string) {
    this.#image = image;
  }

  add({ id, status }: ProgressEvent): void {
    if (id === undefined && status !== undefined) {
      this.#digest = /^Digest: (\S+)$/.exec(status)?.[1] ?? this.#digest;
      this.#status = /^Status: (.+)$/.exec(status)?.[1] ?? this.#status;
    }
  }

  result(): PullResult {
    return { image: this.#image, digest: this.#digest, status: this.#status };
  }
}
