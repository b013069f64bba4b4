import type { ImageConfig } from "../../generated/models.ts";
import type { FileSystem } from "../files/file-system.ts";
import type { Program } from "../programs/program.ts";
import { sha256 } from "./ids.ts";
import type { Layer } from "./layer.ts";
import { goTime } from "./timestamps.ts";

/** One step in which an image was made. */
export interface HistoryEntry {
  readonly createdMs: number;
  /** The command, as `docker history` shows it. */
  readonly createdBy: string;
  readonly comment: string;
  /** Whether the step changed no file. */
  readonly emptyLayer: boolean;
}

/** What an image is made of. */
export interface ImageFacts {
  readonly config: ImageConfig;
  readonly files: FileSystem;
  readonly program: Program;
  /** By which name the engine knows the program; a saved image keeps it. Empty for an image without one. */
  readonly programName: string;
  readonly createdMs: number;
  /** From the lowest to the highest. */
  readonly layers: readonly Layer[];
  readonly history: readonly HistoryEntry[];
  /** The id of the image that it was made of, if that was here. */
  readonly parent?: string | undefined;
  readonly author?: string | undefined;
  readonly comment?: string | undefined;
}

/** An image: files, how they are run, and the program that does it. */
export interface Image extends ImageFacts {
  /** `sha256:` and 64 hexadecimal digits: the digest of `configText`. */
  readonly Id: string;
  /** The image's own description, as it is saved and pushed. */
  readonly configText: string;
}

/** Where the description of an image has the name of its program: an engine of another kind passes it over. */
export const programKey = "dev.fairlead.program";

/** Makes an image; `configText` is given when it comes from elsewhere, so that its id stays the same. */
export function makeImage(facts: ImageFacts, configText: string = describe(facts)): Image {
  return { ...facts, configText, Id: `sha256:${sha256(configText)}` };
}

/** How many bytes the files of an image have. */
export function sizeOf({ layers }: Pick<Image, "layers">): number {
  return layers.reduce((bytes, { fileBytes }) => bytes + fileBytes, 0);
}

/** The config as inspect tells it, with all the members that dockerd always has. */
export function fullConfig(config: ImageConfig): ImageConfig {
  return {
    Cmd: null,
    Entrypoint: null,
    Env: null,
    Labels: null,
    OnBuild: null,
    User: "",
    Volumes: null,
    WorkingDir: "",
    ...config,
  };
}

function describe({ config, programName, createdMs, layers, history, author, comment }: ImageFacts): string {
  return JSON.stringify({
    architecture: "amd64",
    config: fullConfig(config),
    created: goTime(createdMs),
    ...(author ? { author } : {}),
    ...(comment ? { comment } : {}),
    ...(programName === "" ? {} : { [programKey]: programName }),
    history: history.map((entry) => ({
      created: goTime(entry.createdMs),
      created_by: entry.createdBy,
      ...(entry.comment === "" ? {} : { comment: entry.comment }),
      ...(entry.emptyLayer ? { empty_layer: true } : {}),
    })),
    os: "linux",
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  });
}
