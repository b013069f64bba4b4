import { entryBlocks } from "../state/layer-tar.ts";
import type { FileSystem } from "./file-system.ts";
import type { FsNode } from "./node.ts";

/**
 * Writes a path with everything below it as a tar.
 *
 * @param name what the path is called in the tar; empty to leave the path itself out
 */
export async function* writeTar(files: FileSystem, path: string, name: string): AsyncGenerator<Uint8Array, void> {
  yield* writePath(files, path, name, new Map());
  yield Buffer.alloc(1024);
}

function* writePath(
  files: FileSystem,
  path: string,
  name: string,
  written: Map<FsNode, string>,
): Generator<Uint8Array, void> {
  const node = files.node(path);
  const first = node.kind === "file" ? written.get(node) : undefined;
  if (name !== "") {
    yield* entryBlocks(node.kind === "folder" ? `${name.replace(/\/$/, "")}/` : name, node, first);
  }
  if (node.kind === "file") {
    written.set(node, name);
  }
  if (node.kind === "folder") {
    const above = path === "/" ? "" : path;
    for (const child of files.list(path)) {
      yield* writePath(
        files,
        `${above}/${child}`,
        name === "" ? child : `${name.replace(/\/$/, "")}/${child}`,
        written,
      );
    }
  }
}
