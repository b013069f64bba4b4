import { fileURLToPath } from "node:url";
import type { BuildEvent } from "../build/build-events.ts";
import { localFailure } from "../build/local-failure.ts";
import { decodeProgress } from "../codecs/progress.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import type { CallInput } from "../engine/request.ts";
import type { ImageBuildOutcome } from "../generated/outcomes.ts";
import type { ImageBuildParameters } from "../generated/parameters.ts";
import { type ByteSource, toBody } from "./byte-source.ts";
import { split } from "./options.ts";
import { ProgressCall, type ProgressReader, ProgressRun } from "./progress-call.ts";

/**
 * What an image is built of: the path of a folder, a tar, or a URL. A `file:` URL is a folder here; any other is fetched
 * by the engine: a git repository, a tar, or a Dockerfile alone.
 */
export type BuildContext = string | URL | Exclude<ByteSource, string>;

/** Options of `images.build`: the Engine's parameters under its own names. */
export type BuildOptions = CallOptions & Omit<ImageBuildParameters, "remote">;

/** What a build came to. */
export interface BuildResult {
  /** The new image's id; undefined if the build was told to make something else than an image. */
  readonly id: string | undefined;
}

/** A running `images.build`: await it for the result, or iterate it for its events. */
export type BuildCall = ProgressCall<BuildResult, ImageBuildOutcome<BuildResult>, BuildEvent>;

/** Starts `images.build`. */
export function buildImage(engine: Engine, context: BuildContext, options: BuildOptions): BuildCall {
  const begun = begin(engine, context, options);
  const run = new ProgressRun<BuildResult, ImageBuildOutcome<BuildResult>, BuildEvent>(begun, new BuildReader());
  return new ProgressCall(run, unwrapper("ImageBuild"));
}

async function begin(
  engine: Engine,
  context: BuildContext,
  options: BuildOptions,
): Promise<ImageBuildOutcome<AsyncIterable<BuildEvent>>> {
  const { BuildEvents } = await import("../build/build-events.ts");
  const input = await prepare(context, options);
  try {
    return await engine.outcome(
      "ImageBuild",
      input,
      (response, where) =>
        new BuildEvents(decodeProgress(response.chunks(), { status: response.status, context: where })),
    );
  } catch (error) {
    throw localFailure(error);
  }
}

async function prepare(context: BuildContext, options: BuildOptions): Promise<CallInput> {
  const { parameters, ...input } = split(options);
  const isUrl = context instanceof URL;
  if (isUrl && context.protocol !== "file:") {
    return { ...input, parameters: { ...parameters, remote: context.href } };
  }
  if (!isUrl && typeof context !== "string") {
    return { ...input, parameters, body: toBody(context) };
  }
  const { folderContext } = await import("../build/context.ts");
  const { dockerfile, tar } = await folderContext(isUrl ? fileURLToPath(context) : context, {
    dockerfile: options.dockerfile,
    ownIgnoreFile: options.version === "2",
  });
  return { ...input, parameters: { ...parameters, dockerfile }, body: tar };
}

class BuildReader implements ProgressReader<BuildResult, BuildEvent> {
  #id: string | undefined;
  /** Where the engine tells the id only in words: Podman at the end of its output, and all engines with `q`. */
  #words: string | undefined;

  add(event: BuildEvent): void {
    if (event.type === "image") {
      this.#id = event.id;
    } else if (event.type === "output") {
      this.#words = /^(?:Successfully built )?((?:sha256:)?[0-9a-f]{12,64})\n?$/.exec(event.text)?.[1] ?? this.#words;
    }
  }

  result(): BuildResult {
    return { id: this.#id ?? this.#words };
  }
}
