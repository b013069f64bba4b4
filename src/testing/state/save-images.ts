import { Buffer } from "node:buffer";
import { packTar } from "modern-tar";
import { Refusal } from "../http/refusal.ts";
import type { Image } from "./image.ts";
import { hasTag, type ImageReference, parseReference } from "./image-reference.ts";
import { digestOf } from "./layer.ts";
import { manifestOf, ociTypes } from "./manifest.ts";
import type { World } from "./world.ts";

/** An image with the names under which it is saved. */
interface Wanted {
  readonly image: Image;
  readonly references: ImageReference[];
}

/**
 * Finds what is to be saved: a name without a tag stands for all tags of its repository, an id for no name.
 *
 * @throws Refusal 404 if there is no such image.
 */
export function findWanted({ images }: World, names: readonly string[]): Wanted[] {
  const wanted = new Map<string, Wanted>();
  const all = images.all().flatMap((image) => images.referencesOf(image));
  for (const text of names) {
    const image = images.get(text);
    const { name, repository } = parseReference(text);
    const meant = hasTag(text)
      ? all.filter((each) => each.name === name)
      : all.filter((each) => each.repository === repository);
    const tags = meant.filter(({ digest }) => digest === undefined);
    if (image === undefined && tags.length === 0) {
      throw new Refusal(404, `No such image: ${text}`);
    }
    if (image !== undefined) {
      add(wanted, image);
    }
    for (const reference of tags) {
      add(wanted, images.find(reference.name), reference);
    }
  }
  return [...wanted.values()];
}

function add(wanted: Map<string, Wanted>, image: Image, reference?: ImageReference): void {
  const entry = wanted.get(image.Id) ?? { image, references: [] };
  wanted.set(image.Id, entry);
  if (reference !== undefined && !entry.references.some(({ name }) => name === reference.name)) {
    entry.references.push(reference);
  }
}

/** Writes the tar of saved images, as dockerd does: an OCI image layout with the older `manifest.json` beside it. */
export function saveImages(wanted: readonly Wanted[]): Promise<Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const { image } of wanted) {
    const { text } = manifestOf(image, ociTypes);
    files.set(blobPath(digestOf(text)), Buffer.from(text));
    files.set(blobPath(image.Id), Buffer.from(image.configText));
    for (const layer of image.layers) {
      files.set(blobPath(layer.diffId), layer.tar());
    }
  }
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const rest: [string, Uint8Array][] = [
    ["index.json", json({ schemaVersion: 2, mediaType: indexType, manifests: wanted.flatMap(indexEntries) })],
    ["manifest.json", json(wanted.map(manifestEntry))],
    ["oci-layout", Buffer.from('{"imageLayoutVersion": "1.0.0"}')],
    ["repositories", json(repositoriesOf(wanted))],
  ];
  const folders = ["blobs/", "blobs/sha256/"].map((name) => ({
    header: { name, size: 0, type: "directory" as const, mode: 0o755, mtime: new Date(0) },
  }));
  const entries = [...[...files].sort(([a], [b]) => (a < b ? -1 : 1)), ...rest].map(([name, body]) => ({
    header: { name, size: body.length, mode: 0o644, mtime: new Date(0) },
    body,
  }));
  return packTar([...folders, ...entries]);
}

const indexType = "application/vnd.oci.image.index.v1+json";

function blobPath(digest: string): string {
  return `blobs/${digest.replace(":", "/")}`;
}

function indexEntries({ image, references }: Wanted): object[] {
  const { text } = manifestOf(image, ociTypes);
  const descriptor = { mediaType: ociTypes.manifest, digest: digestOf(text), size: Buffer.byteLength(text) };
  return references.length === 0
    ? [descriptor]
    : references.map(({ host, path, tag }) => ({
        ...descriptor,
        annotations: {
          "io.containerd.image.name": `${host}/${path}:${tag}`,
          "org.opencontainers.image.ref.name": tag,
        },
      }));
}

function manifestEntry({ image, references }: Wanted): object {
  const { layers } = manifestOf(image, ociTypes);
  return {
    Config: blobPath(image.Id),
    RepoTags: references.length === 0 ? null : references.map(({ name }) => name),
    Layers: layers.map(({ digest }) => blobPath(digest)),
    LayerSources: Object.fromEntries(layers.map((layer) => [layer.digest, layer])),
  };
}

/** The oldest form: tags and topmost layers by repositories. */
function repositoriesOf(wanted: readonly Wanted[]): Record<string, Record<string, string>> {
  const repositories: Record<string, Record<string, string>> = {};
  for (const { image, references } of wanted) {
    for (const { repository, tag } of references) {
      const top = image.layers.at(-1)?.diffId.slice("sha256:".length) ?? "";
      repositories[repository] = { ...repositories[repository], [tag]: top };
    }
  }
  return repositories;
}
