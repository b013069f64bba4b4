import { Buffer } from "node:buffer";
import type { ImageConfig } from "../../generated/models.ts";
import { FileSystem } from "../files/file-system.ts";
import { type HistoryEntry, type Image, makeImage, programKey } from "./image.ts";
import { type Layer, layerOfTar } from "./layer.ts";
import { layOver, readTar, unzipped } from "./read-tar.ts";
import type { World } from "./world.ts";

/** An image of a tar, with the names that it is to have. */
export interface LoadedImage {
  readonly image: Image;
  readonly names: readonly string[];
}

/** What `manifest.json` says of an image. */
interface ManifestEntry {
  readonly Config: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Layers?: readonly string[] | null;
}

/** What a saved image says of itself. */
interface SavedConfig {
  readonly config?: ImageConfig;
  readonly created?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly history?: readonly {
    readonly created?: string;
    readonly created_by?: string;
    readonly comment?: string;
    readonly empty_layer?: boolean;
  }[];
  readonly rootfs?: { readonly diff_ids?: readonly string[] | null };
  readonly [programKey]?: string;
}

/** Reads the images of a tar that `docker save` has written. @throws Error in dockerd's words if it is none. */
export async function readImages(world: World, tar: Uint8Array): Promise<LoadedImage[]> {
  const entries = await readTar(tar);
  const files = new Map(
    entries.map(({ header, data }) => [header.name.replace(/^\.\//, ""), data ?? new Uint8Array()]),
  );
  const read = (path: string): Uint8Array => {
    const data = files.get(path);
    if (data === undefined) {
      throw new Error(`open ${path}: no such file or directory`);
    }
    return data;
  };
  const manifest: readonly ManifestEntry[] = JSON.parse(Buffer.from(read("manifest.json")).toString());
  return Promise.all(manifest.map((entry) => readImage(world, entry, read)));
}

async function readImage(
  { images, clock }: World,
  { Config, RepoTags, Layers }: ManifestEntry,
  read: (path: string) => Uint8Array,
): Promise<LoadedImage> {
  const configText = Buffer.from(read(Config)).toString();
  const saved: SavedConfig = JSON.parse(configText);
  const files = new FileSystem(() => clock.now());
  const layers: Layer[] = [];
  for (const [index, path] of (Layers ?? []).entries()) {
    const layer = await layLayer(files, unzipped(read(path)));
    const expected = saved.rootfs?.diff_ids?.[index];
    if (layer.diffId !== expected) {
      throw new Error(`invalid diffID for layer ${index}: expected ${JSON.stringify(expected)}, got "${layer.diffId}"`);
    }
    layers.push(layer);
  }
  const names = RepoTags ?? [];
  const programName = saved[programKey] ?? names[0] ?? "";
  const facts = {
    config: saved.config ?? {},
    files: files.clone(),
    program: images.program(programName),
    programName,
    createdMs: millis(saved.created),
    layers,
    history: (saved.history ?? []).map(historyEntry),
    author: saved.author,
    comment: saved.comment,
  };
  return { image: makeImage(facts, configText), names };
}

/** Its files have as many bytes as all that it puts there. */
async function layLayer(files: FileSystem, tar: Uint8Array): Promise<Layer> {
  const entries = await readTar(tar);
  layOver(files, "/", entries, { whiteouts: true });
  return layerOfTar(
    tar,
    entries.reduce((sum, { data }) => sum + (data?.length ?? 0), 0),
  );
}

function historyEntry(entry: NonNullable<SavedConfig["history"]>[number]): HistoryEntry {
  return {
    createdMs: millis(entry.created),
    createdBy: entry.created_by ?? "",
    comment: entry.comment ?? "",
    emptyLayer: entry.empty_layer ?? false,
  };
}

function millis(time: string | undefined): number {
  const ms = Date.parse(time ?? "");
  return Number.isNaN(ms) ? 0 : ms;
}
