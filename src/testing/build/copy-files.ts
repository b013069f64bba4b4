import { posix } from "node:path";
import type { FileSystem } from "../files/file-system.ts";
import type { FolderNode, FsNode } from "../files/node.ts";
import { globPattern, isGlob } from "../state/glob.ts";
import { sha256 } from "../state/ids.ts";
import { writeDifference } from "../state/layer-tar.ts";
import { layOver, readTar, unzipped } from "../state/read-tar.ts";

/** What a step copies, and where. */
export interface Copy {
  readonly name: "COPY" | "ADD";
  readonly from: FileSystem;
  /** Whether `from` is the context, or another image. */
  readonly isContext: boolean;
  /** Relative to the top of `from`; patterns are not expanded yet. */
  readonly sources: readonly string[];
  /** Absolute; with a slash at its end if it is written so. */
  readonly destination: string;
  readonly owner: { readonly uid: number; readonly gid: number };
}

interface Source {
  readonly path: string;
  readonly node: FsNode;
}

/** A copy whose sources have been found. */
export interface FoundCopy extends Copy {
  readonly found: readonly Source[];
  /** What is copied, in one word, by which the cache knows it: `file:` or `dir:` and a digest. */
  readonly digest: string;
}

/** Finds what is to be copied. @throws Error in dockerd's words if something is not there. */
export function findSources(copy: Copy): FoundCopy {
  const found = copy.sources.flatMap((source) => matches(copy, source));
  if (found.length === 0) {
    throw new Error(`${copy.name} failed: no source files were specified`);
  }
  if (found.length > 1 && !copy.destination.endsWith("/")) {
    throw new Error(
      `When using ${copy.name} with more than one source file, the destination must be a directory and end with a /`,
    );
  }
  const entries = new Map(found.map(({ path, node }) => [path.replaceAll("/", "|"), node]));
  const bytes = writeDifference(undefined, { ...copy.from.root, entries }).tar;
  const kind = found.length > 1 ? "multi" : found[0]?.node.kind === "folder" ? "dir" : "file";
  return { ...copy, found, digest: `${kind}:${sha256(bytes)}` };
}

/** Copies. A folder gives what is in it; a tar that is added is unpacked. */
export async function copyFiles(files: FileSystem, { name, found, destination, owner }: FoundCopy): Promise<void> {
  const intoFolder = destination.endsWith("/") || files.stat(destination)?.kind === "folder";
  for (const { path, node } of found) {
    const bytes = name === "ADD" && node.kind === "file" ? Buffer.concat(node.chunks) : undefined;
    if (bytes !== undefined && isArchive(bytes)) {
      layOver(files, destination, await readTar(bytes));
    } else if (node.kind === "folder") {
      lay(files, destination, node, owner);
    } else {
      lay(files, intoFolder ? posix.join(destination, posix.basename(path)) : destination, node, owner);
    }
  }
}

function matches({ name, from, isContext }: Copy, source: string): Source[] {
  const path = posix.join("/", source);
  const paths = isGlob(source) ? expandPattern(from, path) : [path];
  return paths.map((each) => {
    const node = nodeAt(from, each);
    if (node === undefined) {
      const relative = source.replace(/^\//, "");
      throw new Error(
        isContext
          ? `${name} failed: file not found in build context or excluded by .dockerignore: stat ${relative}: file does not exist`
          : `${name} failed: stat ${relative}: file does not exist`,
      );
    }
    return { path: each, node };
  });
}

/** The paths that a pattern names, which has one expression for each part. */
function expandPattern(files: FileSystem, pattern: string): string[] {
  let paths = ["/"];
  for (const part of pattern.split("/").filter(Boolean)) {
    const expression = globPattern(part);
    paths = paths.flatMap((folder) =>
      files.stat(folder)?.kind === "folder"
        ? files
            .list(folder)
            .filter((name) => expression.test(name))
            .map((name) => posix.join(folder, name))
        : [],
    );
  }
  return paths;
}

/** What is at a path; links on the way are followed, and the last one too. */
function nodeAt(files: FileSystem, path: string): FsNode | undefined {
  const real = files.stat(path)?.path;
  let node: FsNode | undefined = real === undefined ? undefined : files.root;
  for (const part of real?.split("/").filter(Boolean) ?? []) {
    node = node?.kind === "folder" ? node.entries.get(part) : undefined;
  }
  return node;
}

function lay(files: FileSystem, path: string, node: FsNode, owner: Copy["owner"]): void {
  const target = path.replace(/(.)\/+$/, "$1");
  if (node.kind !== "folder") {
    files.mkdir(posix.dirname(target), { recursive: true });
    files.put(target, { ...node, meta: { ...node.meta, ...owner } });
    return;
  }
  const isNew = files.stat(target) === undefined;
  files.mkdir(target, { recursive: true });
  for (const [name, child] of (node as FolderNode).entries) {
    lay(files, posix.join(target, name), child, owner);
  }
  if (isNew) {
    files.change(target, { ...node.meta, ...owner });
  }
}

/** A tar, compressed or not; what is compressed and no tar is copied as it is. */
function isArchive(bytes: Uint8Array): boolean {
  try {
    return Buffer.from(unzipped(bytes).subarray(257, 262)).toString("latin1") === "ustar";
  } catch {
    return false;
  }
}
