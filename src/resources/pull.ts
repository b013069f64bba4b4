import { decodeProgress, type ProgressEvent } from "../codecs/progress.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import type { CallInput } from "../engine/request.ts";
import type { ImageCreateOutcome, ImageInspectOutcome } from "../generated/outcomes.ts";
import type { ImageCreateParameters } from "../generated/parameters.ts";
import { parseImageReference } from "./image-reference.ts";
import { split } from "./options.ts";
import { ProgressCall, type ProgressReader, ProgressRun } from "./progress-call.ts";

/** Options of `images.pull`. */
export interface PullOptions extends CallOptions, Pick<ImageCreateParameters, "platform" | "registryAuth"> {
  /**
   * Whether the registry is asked although the engine has an image of that name, of whatever platform. Default:
   * `always`.
   */
  readonly policy?: "always" | "missing" | undefined;
}

/** What a pull came to. */
export interface PullResult {
  /** The image, exactly as it was asked for. */
  readonly image: string;
  /** Whether the registry was asked; false if the image was there and the policy is `missing`. */
  readonly asked: boolean;
  /** The digest of what was pulled, if the engine told it. */
  readonly digest: string | undefined;
  /** The engine's closing words, e.g. `Image is up to date for alpine:3`. */
  readonly status: string | undefined;
}

/** A running `images.pull`: await it for the result, or iterate it for the progress. */
export type PullCall = ProgressCall<PullResult, ImageCreateOutcome<PullResult>>;

/** Starts `images.pull`. */
export function pullImage(engine: Engine, image: string, options: PullOptions): PullCall {
  const reader = new PullReader(image);
  const begun = begin(engine, image, options, reader);
  const run = new ProgressRun<PullResult, ImageCreateOutcome<PullResult>>(begun, reader);
  return new ProgressCall(run, unwrapper("ImageCreate"));
}

/** Asynchronous, so that a malformed name rejects the call instead of being thrown beside it. */
async function begin(
  engine: Engine,
  image: string,
  { policy, ...options }: PullOptions,
  reader: PullReader,
): Promise<ImageCreateOutcome<AsyncIterable<ProgressEvent>>> {
  const { parameters, ...input } = split(options);
  const { fromImage, tag } = parseImageReference(image);
  if (policy === "missing" && (await isThere(engine, image, input))) {
    reader.asked = false;
    return { kind: "Succeeded", status: 200, value: nothing() };
  }
  return engine.outcome(
    "ImageCreate",
    { ...input, parameters: { ...parameters, fromImage, tag } },
    (response, context) => decodeProgress(response.chunks(), { status: response.status, context }),
  );
}

/** An inspection that fails in another way says no: what is wrong with the engine is for the pull to report. */
async function isThere(engine: Engine, name: string, { signal, timeouts }: CallInput): Promise<boolean> {
  const { kind } = await engine.outcome<ImageInspectOutcome>("ImageInspect", { signal, timeouts, path: { name } });
  return kind === "Succeeded";
}

async function* nothing(): AsyncGenerator<ProgressEvent, undefined> {}

class PullReader implements ProgressReader<PullResult> {
  asked = true;
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
    return { image: this.#image, asked: this.asked, digest: this.#digest, status: this.#status };
  }
}
