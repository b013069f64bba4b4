import type { FolderNode, FsNode } from "./node.ts";

/** What became of a path, with the numbers of `docker diff`: 0 it was changed, 1 added, 2 removed. */
export interface Change {
  readonly Path: string;
  readonly Kind: 0 | 1 | 2;
}

/** What is different in one folder from another; the changes in a folder follow its own. */
export function changesBetween(before: FolderNode, after: FolderNode, path: string = ""): Change[] {
  const names = new Set([...before.entries.keys(), ...after.entries.keys()]);
  return [...names]
    .sort()
    .flatMap((name) => changesOf(before.entries.get(name), after.entries.get(name), `${path}/${name}`));
}

function changesOf(before: FsNode | undefined, after: FsNode | undefined, Path: string): Change[] {
  if (before === after) {
    return [];
  }
  if (after === undefined) {
    return [{ Path, Kind: 2 }];
  }
  if (after.kind !== "folder") {
    return [{ Path, Kind: before === undefined ? 1 : 0 }];
  }
  if (before?.kind !== "folder") {
    return [{ Path, Kind: before === undefined ? 1 : 0 }, ...addedIn(after, Path)];
  }
  const inside = changesBetween(before, after, Path);
  const { meta: old } = before;
  const { meta } = after;
  const isSame = old.mode === meta.mode && old.uid === meta.uid && old.gid === meta.gid && old.mtimeMs === meta.mtimeMs;
  return inside.length === 0 && isSame ? [] : [{ Path, Kind: 0 }, ...inside];
}

function addedIn({ entries }: FolderNode, path: string): Change[] {
  return [...entries.keys()].sort().flatMap((name) => changesOf(undefined, entries.get(name), `${path}/${name}`));
}
