import { Buffer } from "node:buffer";
import type { Image } from "./image.ts";
import { digestOf, type Layer } from "./layer.ts";

/** What a manifest calls itself and its parts. */
interface MediaTypes {
  readonly manifest: string;
  readonly config: string;
  readonly layer: string;
}

/** As registries have them. */
export const dockerTypes: MediaTypes = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar",
};

/** As saved images have them (OCI image specification, media-types.md). */
export const ociTypes: MediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
};

/** Where a blob is, how long it is, and what. */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
}

/** An image's manifest, and what it calls its layers. */
export interface Manifest {
  readonly text: string;
  readonly layers: readonly Descriptor[];
}

/** Writes the manifest of an image. */
export function manifestOf({ configText, layers }: Image, types: MediaTypes): Manifest {
  const described = layers.map((layer) => describeLayer(layer, types.layer));
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: types.config, digest: digestOf(configText), size: Buffer.byteLength(configText) },
    layers: described,
  });
  return { text, layers: described };
}

function describeLayer(layer: Layer, mediaType: string): Descriptor {
  return { mediaType, digest: layer.diffId, size: layer.tarBytes };
}
