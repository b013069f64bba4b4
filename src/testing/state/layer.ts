import type { FolderNode } from "../files/node.ts";
import { sha256 } from "./ids.ts";
import { writeDifference } from "./layer-tar.ts";

/** What one step of an image's making changed in its files. */
export interface Layer {
  /** `sha256:` and the digest of its tar. */
  readonly diffId: string;
  /** How many bytes its files have. */
  readonly fileBytes: number;
  /** How many bytes its tar has. */
  readonly tarBytes: number;
  /** Its tar. */
  tar(): Uint8Array;
}

/** The layer between two folders; undefined if they are the same. They must not change any more. */
export function layerBetween(before: FolderNode | undefined, after: FolderNode): Layer | undefined {
  const { tar, fileBytes, isEmpty } = writeDifference(before, after);
  // The tar is written anew when it is wanted: the files are here anyway.
  return isEmpty
    ? undefined
    : {
        diffId: digestOf(tar),
        fileBytes,
        tarBytes: tar.length,
        tar: () => writeDifference(before, after).tar,
      };
}

/** A layer whose tar came from elsewhere, and is kept as it is. */
export function layerOfTar(tar: Uint8Array, fileBytes: number): Layer {
  return { diffId: digestOf(tar), fileBytes, tarBytes: tar.length, tar: () => tar };
}

/** `sha256:` and the digest of a content. */
export function digestOf(content: string | Uint8Array): string {
  return `sha256:${sha256(content)}`;
}

/** The names of layers in their stack, which depend on those below (OCI image specification, config.md). */
export function chainIds(layers: readonly Layer[]): string[] {
  let chain = "";
  return layers.map(({ diffId }) => {
    chain = chain === "" ? diffId : digestOf(`${chain} ${diffId}`);
    return chain;
  });
}
