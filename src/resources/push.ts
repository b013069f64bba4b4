import { decodeProgress, type ProgressEvent } from "../codecs/progress.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import type { ImagePushOutcome } from "../generated/outcomes.ts";
import type { ImagePushParameters } from "../generated/parameters.ts";
import { parseImageReference } from "./image-reference.ts";
import { split } from "./options.ts";
import { ProgressCall, type ProgressReader, ProgressRun } from "./progress-call.ts";

/** Options of `images.push`. */
export type PushOptions = CallOptions & Pick<ImagePushParameters, "platform" | "registryAuth">;

/** What a push came to. */
export interface PushResult {
  /** The image as it was asked for, with its tag. */
  readonly image: string;
  /** The digest under which the registry has it, if the engine told it. */
  readonly digest: string | undefined;
  /** The size of its manifest in bytes, if the engine told it. */
  readonly manifestBytes: number | undefined;
}

/** A running `images.push`: await it for the result, or iterate it for the progress. */
export type PushCall = ProgressCall<PushResult, ImagePushOutcome<PushResult>>;

/** Starts `images.push`. */
export function pushImage(engine: Engine, image: string, options: PushOptions): PushCall {
  const begun = begin(engine, image, options);
  const run = new ProgressRun<PushResult, ImagePushOutcome<PushResult>>(begun, new PushReader(image));
  return new ProgressCall(run, unwrapper("ImagePush"));
}

/** Asynchronous, so that a malformed name rejects the call instead of being thrown beside it. */
async function begin(
  engine: Engine,
  image: string,
  options: PushOptions,
): Promise<ImagePushOutcome<AsyncIterable<ProgressEvent>>> {
  const { parameters, ...input } = split(options);
  const { fromImage: name, tag } = parseImageReference(image);
  if (tag.includes(":")) {
    throw new InvalidRequestError("What is pushed has a tag and no digest", { parameter: "image" });
  }
  return engine.outcome(
    "ImagePush",
    { ...input, path: { name }, parameters: { ...parameters, tag } },
    (response, context) => decodeProgress(response.chunks(), { status: response.status, context }),
  );
}

/** What the engine says at the end of a push; `undefined` where it does not. With containerd's store it says so in words. */
export function readPushed({ aux, status = "" }: ProgressEvent): {
  digest: string | undefined;
  sizeBytes: number | undefined;
} {
  const { Digest, Size } = (aux ?? {}) as { readonly Digest?: unknown; readonly Size?: unknown }; // checked right below
  const [, digest, size] = /: digest: (\S+) size: (\d+)$/.exec(status) ?? [];
  return {
    digest: typeof Digest === "string" ? Digest : digest,
    sizeBytes: typeof Size === "number" ? Size : size === undefined ? undefined : Number(size),
  };
}

class PushReader implements ProgressReader<PushResult> {
  readonly #image: string;
  #digest: string | undefined;
  #manifestBytes: number | undefined;

  constructor(image: string) {
    this.#image = image;
  }

  add(event: ProgressEvent): void {
    const { digest, sizeBytes } = readPushed(event);
    this.#digest = digest ?? this.#digest;
    this.#manifestBytes = sizeBytes ?? this.#manifestBytes;
  }

  result(): PushResult {
    return { image: this.#image, digest: this.#digest, manifestBytes: this.#manifestBytes };
  }
}
