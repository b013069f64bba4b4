/** What every file, folder or link has. */
export interface Meta {
  /** The permission bits, e.g. `0o755`. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
}

export interface FileNode {
  readonly kind: "file";
  meta: Meta;
  /** The content in pieces, so that appending does not copy. */
  readonly chunks: Uint8Array[];
  size: number;
  owner: Owner;
}

export interface FolderNode {
  readonly kind: "folder";
  meta: Meta;
  readonly entries: Map<string, FsNode>;
  owner: Owner;
}

export interface LinkNode {
  readonly kind: "link";
  meta: Meta;
  readonly target: string;
}

/** A pipe or a device: it can be listed and put into a tar, not read. */
interface SpecialNode {
  readonly kind: "fifo" | "character-device" | "block-device";
  meta: Meta;
}

export type FsNode = FileNode | FolderNode | LinkNode | SpecialNode;

/** Which file system may change a node in place; the others that hold it copy it first. */
export type Owner = object;

/** A copy that `owner` may change. */
export function copyFor(owner: Owner, node: FileNode): FileNode;
export function copyFor(owner: Owner, node: FolderNode): FolderNode;
export function copyFor(owner: Owner, node: FileNode | FolderNode): FileNode | FolderNode {
  return node.kind === "file"
    ? { ...node, chunks: [...node.chunks], owner }
    : { ...node, entries: new Map(node.entries), owner };
}
