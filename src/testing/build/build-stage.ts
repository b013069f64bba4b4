import type { ImageConfig } from "../../generated/models.ts";
import { FileSystem } from "../files/file-system.ts";
import { usualPath } from "../state/container-config.ts";
import { type HistoryEntry, type Image, makeImage } from "../state/image.ts";
import { layerBetween } from "../state/layer.ts";
import { noProgram } from "../state/no-program.ts";
import type { World } from "../state/world.ts";
import type { Variables } from "./expand.ts";

/** What a step has made: the files and the configuration as they are then, and how history tells it. */
interface Made {
  readonly createdBy: string;
  readonly config?: ImageConfig;
  /** Default: they stay as they are. */
  readonly files?: FileSystem;
  /** Default: the maintainer stays. */
  readonly author?: string;
}

/** A stage of a build while it is built: an image that grows step by step. */
export class BuildStage {
  /** As it is now; undefined `FROM scratch` until the first step is done. */
  image: Image | undefined;
  /** The arguments that are declared, with their values. */
  readonly args: Record<string, string> = {};
  readonly #world: World;
  #usesCache: boolean;

  constructor(world: World, image: Image | undefined, usesCache: boolean) {
    this.#world = world;
    this.image = image;
    this.#usesCache = usesCache;
  }

  /** Whatever image it begins with, there is a `PATH` (moby:daemon/builder/dockerfile/dispatchers.go, setDefaultPath). */
  get config(): ImageConfig {
    const { config = {} } = this.image ?? {};
    const Env = config.Env ?? [];
    return Env.some((entry) => entry.startsWith("PATH=")) ? config : { ...config, Env: [...Env, `PATH=${usualPath}`] };
  }

  /** The image's files, which the caller may change. */
  filesToChange(): FileSystem {
    return this.image?.files.clone() ?? new FileSystem(() => this.#world.clock.now());
  }

  /** What `$x` stands for: the environment wins over arguments. */
  get variables(): Variables {
    const env = (this.config.Env ?? []).map((entry) => [entry.replace(/=.*$/s, ""), entry.replace(/^[^=]*=/, "")]);
    return { ...this.args, ...Object.fromEntries(env) };
  }

  /** Takes the image that the same step made of the same image before, if there is one. */
  takeCached(createdBy: string): boolean {
    const parent = this.image?.Id;
    const cached = this.#usesCache
      ? this.#world.images.all().find((each) => isMadeBy(each, parent, createdBy))
      : undefined;
    this.image = cached ?? this.image;
    this.#usesCache = cached !== undefined;
    return cached !== undefined;
  }

  /** Makes the image after a step. */
  grow({ createdBy, config = this.config, files, author = this.image?.author }: Made): Image {
    const before = this.image;
    const after = (files ?? this.filesToChange()).clone();
    const layer = files === undefined ? undefined : layerBetween(before?.files.root, after.root);
    const createdMs = this.#world.clock.now();
    const entry: HistoryEntry = { createdMs, createdBy, comment: "", emptyLayer: layer === undefined };
    const image = makeImage({
      config,
      files: after,
      program: before?.program ?? noProgram,
      programName: before?.programName ?? "",
      createdMs,
      layers: [...(before?.layers ?? []), ...(layer === undefined ? [] : [layer])],
      history: [...(before?.history ?? []), entry],
      parent: before?.Id,
      author,
    });
    this.#world.images.add(image);
    this.image = image;
    return image;
  }
}

function isMadeBy({ parent, history }: Image, id: string | undefined, createdBy: string): boolean {
  const isFirst = id !== undefined || history.length === 1;
  return parent === id && isFirst && history.at(-1)?.createdBy === createdBy;
}
