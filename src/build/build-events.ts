import { Buffer } from "node:buffer";
import type { ProgressEvent } from "../codecs/progress.ts";
import { EngineStreamError } from "../errors/engine-stream-error.ts";
import { TraceError } from "../errors/trace-error.ts";
import { BuildFailure } from "./build-failure.ts";
import { localFailure } from "./local-failure.ts";
import { readTrace, type TraceEvent } from "./trace.ts";

/** Text that the classic builder prints: its steps, and what their commands print. */
export interface BuildOutputText {
  readonly type: "output";
  readonly text: string;
}

/** Progress that is not the build's own: the classic builder pulls a base image. */
export interface BuildProgress {
  readonly type: "progress";
  readonly progress: ProgressEvent;
}

/** The image that has been built, or with the classic builder one of the stages before it. */
export interface BuildImage {
  readonly type: "image";
  readonly id: string;
}

/**
 * One event of a build. The classic builder and Podman report `output`, `progress` and `image`; BuildKit reports `vertex`,
 * `status`, `log`, `warning` and `image`.
 */
export type BuildEvent = TraceEvent | BuildOutputText | BuildProgress | BuildImage;

/**
 * Makes the events of a build out of the engine's progress.
 *
 * @throws (the iterator) BuildError when the engine reports a failure; TraceError if BuildKit's trace is malformed
 */
export class BuildEvents implements AsyncIterableIterator<BuildEvent> {
  readonly #progress: AsyncIterableIterator<ProgressEvent>;
  readonly #failure = new BuildFailure();
  #ready: Iterator<BuildEvent> = [].values();

  constructor(progress: AsyncIterableIterator<ProgressEvent>) {
    this.#progress = progress;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<BuildEvent, undefined>> {
    for (;;) {
      const ready = this.#ready.next();
      if (!ready.done) {
        this.#failure.add(ready.value);
        return { done: false, value: ready.value };
      }
      const item = await this.#pull();
      if (item.done) {
        return { done: true, value: undefined };
      }
      this.#ready = (await this.#read(item.value)).values();
    }
  }

  async return(): Promise<IteratorResult<BuildEvent, undefined>> {
    await this.#progress.return?.();
    return { done: true, value: undefined };
  }

  async #read(progress: ProgressEvent): Promise<readonly BuildEvent[]> {
    try {
      return toBuildEvents(progress);
    } catch (error) {
      await this.#progress.return?.();
      throw error;
    }
  }

  async #pull(): Promise<IteratorResult<ProgressEvent, undefined>> {
    try {
      return await this.#progress.next();
    } catch (error) {
      throw error instanceof EngineStreamError ? this.#failure.explain(error) : localFailure(error);
    }
  }
}

/** moby:daemon/internal/builder-next/builder.go:461-484. */
function toBuildEvents(progress: ProgressEvent): readonly BuildEvent[] {
  const { id, stream, aux } = progress;
  if (id === "moby.buildkit.trace") {
    return readBase64Trace(aux);
  }
  if (typeof aux === "object" && aux !== null && "ID" in aux && typeof aux.ID === "string") {
    return [{ type: "image", id: aux.ID }];
  }
  return stream === undefined ? [{ type: "progress", progress }] : [{ type: "output", text: stream }];
}

function readBase64Trace(aux: unknown): readonly BuildEvent[] {
  try {
    return readTrace(Buffer.from(String(aux), "base64"));
  } catch (cause) {
    const bytes = Buffer.from(String(aux)).subarray(0, 64 * 1024);
    throw new TraceError("BuildKit's trace is malformed", { bytes, cause });
  }
}
