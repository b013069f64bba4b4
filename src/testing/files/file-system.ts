import { FileError } from "./file-error.ts";
import { Mounts } from "./mounts.ts";
import { copyFor, type FileNode, type FolderNode, type FsNode, type LinkNode, type Meta, type Owner } from "./node.ts";

/** What is known of a path. */
export interface PathInfo extends Meta {
  /** The path with all links on the way followed. */
  readonly path: string;
  readonly kind: FsNode["kind"];
  /** In bytes; 0 for all but files. */
  readonly size: number;
  /** Where a link points; empty for anything else. */
  readonly target: string;
}

interface Step {
  readonly name: string;
  readonly node: FsNode;
}

interface Found {
  readonly path: string;
  readonly node: FsNode;
}

const maxLinks = 40;

/**
 * The files of an image or a container, in memory. Paths are absolute; links are followed inside, never to the files of
 * the computer. `clone` costs nothing: what is shared is copied when one of the two changes it.
 */
export class FileSystem {
  #root: FolderNode;
  #owner: Owner = {};
  /** The files of others that lie in these; a clone has none of them. */
  readonly mounts: Mounts = new Mounts();
  readonly #now: () => number;

  /** @param now the time for new files, in milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
    this.#root = { kind: "folder", meta: this.#meta(0o755), entries: new Map(), owner: this.#owner };
  }

  /** The same files, which from now on change separately. */
  clone(): FileSystem {
    const copy = new FileSystem(this.#now);
    copy.#root = this.#root;
    this.#owner = {};
    return copy;
  }

  /** The folder at the top, to compare and to walk; it must not be changed. */
  get root(): FolderNode {
    return this.#root;
  }

  /** What a path is, a link itself unless `follow`; undefined if there is nothing. */
  stat(path: string, { follow = true }: { readonly follow?: boolean } = {}): PathInfo | undefined {
    const inside = this.mounts.find(path);
    if (inside !== undefined) {
      const info = inside.mount.files.stat(inside.path, { follow });
      return info && { ...info, path: `${inside.mount.path}${info.path === "/" ? "" : info.path}` };
    }
    const found = this.#find(path, follow);
    if (found === undefined) {
      return undefined;
    }
    const { node } = found;
    const size = node.kind === "file" ? node.size : 0;
    return { ...node.meta, path: found.path, kind: node.kind, size, target: node.kind === "link" ? node.target : "" };
  }

  /** What a path is. Throws FileError, as all that follow do, if it is not there or not what it should be. */
  mustStat(path: string, options: { readonly follow?: boolean } = {}): PathInfo {
    const info = this.stat(path, options);
    if (info === undefined) {
      throw new FileError("ENOENT", path);
    }
    return info;
  }

  readFile(path: string): Uint8Array {
    const inside = this.mounts.find(path);
    if (inside !== undefined) {
      return inside.mount.files.readFile(inside.path);
    }
    const { node } = this.#get(path);
    if (node.kind !== "file") {
      throw new FileError(node.kind === "folder" ? "EISDIR" : "EINVAL", path);
    }
    return node.chunks.length === 1 ? (node.chunks[0] ?? new Uint8Array()) : Buffer.concat(node.chunks);
  }

  /** The names in a folder, sorted. */
  list(path: string): string[] {
    const inside = this.mounts.find(path);
    if (inside !== undefined) {
      return inside.mount.files.list(inside.path);
    }
    const { node } = this.#get(path);
    if (node.kind !== "folder") {
      throw new FileError("ENOTDIR", path);
    }
    return [...node.entries.keys()].sort();
  }

  /** Writes a file, anew unless `append`. */
  writeFile(path: string, data: string | Uint8Array, { append = false, mode }: WriteOptions = {}): void {
    const inside = this.mounts.findToChange(path);
    if (inside !== undefined) {
      inside.mount.files.writeFile(inside.path, data, { append, mode });
      return;
    }
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    const { folder, name, node } = this.#place(path);
    if (node?.kind === "folder") {
      throw new FileError("EISDIR", path);
    }
    const meta = this.#meta(mode ?? (node?.meta.mode || 0o644), node?.meta);
    if (append && node?.kind === "file") {
      const own = node.owner === this.#owner ? node : copyFor(this.#owner, node);
      own.chunks.push(bytes);
      own.size += bytes.length;
      own.meta = meta;
      folder.entries.set(name, own);
    } else {
      folder.entries.set(name, { kind: "file", meta, chunks: [bytes], size: bytes.length, owner: this.#owner });
    }
    this.#touch(folder);
  }

  /** Makes a folder; with `recursive` also those above it, and none that is there is an error. */
  mkdir(path: string, { recursive = false, mode = 0o755 }: MkdirOptions = {}): void {
    const parts = partsOf(path);
    const first = recursive ? 1 : parts.length;
    for (let depth = first; depth <= parts.length; depth += 1) {
      const step = `/${parts.slice(0, depth).join("/")}`;
      const there = this.stat(step);
      if (there?.kind === "folder" && recursive) {
        continue;
      }
      if (there !== undefined) {
        throw new FileError("EEXIST", step);
      }
      this.put(step, { kind: "folder", meta: this.#meta(mode), entries: new Map(), owner: this.#owner });
    }
  }

  /** Puts a link where nothing is. */
  symlink(target: string, path: string): void {
    if (this.stat(path, { follow: false })) {
      throw new FileError("EEXIST", path);
    }
    this.put(path, { kind: "link", meta: this.#meta(0o777), target });
  }

  /** Gives a file another name beside the one that it has. */
  link(from: string, path: string): void {
    const { node } = this.#get(from, false);
    if (node.kind === "folder") {
      throw new FileError("EPERM", from);
    }
    if (this.stat(path, { follow: false })) {
      throw new FileError("EEXIST", path);
    }
    this.put(path, node);
  }

  /** What lies at a path, to walk, to copy and to put elsewhere; it must not be changed. Links are not followed. */
  node(path: string): FsNode {
    const inside = this.mounts.find(path);
    return inside === undefined ? this.#get(path, false).node : inside.mount.files.node(inside.path);
  }

  /** Lets other files lie at a path; the folder is made if it is not there. */
  mount(path: string, files: FileSystem, { readOnly = false }: { readonly readOnly?: boolean } = {}): void {
    this.mkdir(path, { recursive: true });
    this.mounts.add(path, files, readOnly);
  }

  /** Puts a node at a path, in place of what may be there. */
  put(path: string, node: FsNode): void {
    const inside = this.mounts.findToChange(path);
    if (inside !== undefined) {
      inside.mount.files.put(inside.path, node);
      return;
    }
    const { folder, name } = this.#place(path, false);
    folder.entries.set(name, node);
    this.#touch(folder);
  }

  /** Removes a file or a link; a folder only with `recursive`. */
  remove(path: string, { recursive = false }: { readonly recursive?: boolean } = {}): void {
    const inside = this.mounts.findToChange(path);
    if (inside !== undefined) {
      inside.mount.files.remove(inside.path, { recursive });
      return;
    }
    const { folder, name, node } = this.#place(path, false);
    if (node === undefined) {
      throw new FileError("ENOENT", path);
    }
    if (node.kind === "folder" && !recursive) {
      throw new FileError("EISDIR", path);
    }
    folder.entries.delete(name);
    this.#touch(folder);
  }

  /** Gives a path another name. */
  rename(from: string, to: string): void {
    const inside = this.mounts.findToChange(from);
    this.put(to, inside === undefined ? this.#get(from, false).node : inside.mount.files.node(inside.path));
    this.remove(from, { recursive: true });
  }

  /** Changes who owns a path, its permissions or its time. */
  change(path: string, meta: Partial<Meta>, { follow = true }: { readonly follow?: boolean } = {}): void {
    const inside = this.mounts.findToChange(path);
    if (inside !== undefined) {
      inside.mount.files.change(inside.path, meta, { follow });
      return;
    }
    const { path: real, node } = this.#get(path, follow);
    if (real === "/") {
      const root = this.#own(this.#root);
      root.meta = { ...root.meta, ...meta };
      this.#root = root;
      return;
    }
    const { folder, name } = this.#place(real, false);
    const own = node.kind === "file" || node.kind === "folder" ? this.#own(node) : { ...node };
    own.meta = { ...own.meta, ...meta };
    folder.entries.set(name, own);
  }

  /** How many bytes all files have. */
  totalBytes(folder: FolderNode = this.#root): number {
    let bytes = 0;
    for (const node of folder.entries.values()) {
      bytes += node.kind === "file" ? node.size : node.kind === "folder" ? this.totalBytes(node) : 0;
    }
    return bytes;
  }

  #meta(mode: number, before?: Meta): Meta {
    return { uid: 0, gid: 0, ...before, mode, mtimeMs: this.#now() };
  }

  #own<N extends FileNode | FolderNode>(node: N): N {
    // The copy is of the kind of its original.
    return node.owner === this.#owner ? node : (copyFor(this.#owner, node as FileNode) as N);
  }

  #touch(folder: FolderNode): void {
    folder.meta = { ...folder.meta, mtimeMs: this.#now() };
  }

  #get(path: string, follow = true): Found {
    const found = this.#find(path, follow);
    if (found === undefined) {
      throw new FileError("ENOENT", path);
    }
    return found;
  }

  /** Walks a path without changing anything. */
  #find(path: string, follow: boolean): Found | undefined {
    const todo = partsOf(path);
    const way: Step[] = [];
    for (let links = 0; todo.length > 0; ) {
      const name = todo.shift() ?? "";
      if (name === "..") {
        way.pop();
        continue;
      }
      const node = childOf(way.at(-1)?.node ?? this.#root, name);
      if (node === undefined) {
        return undefined;
      }
      if (node.kind !== "link" || (todo.length === 0 && !follow)) {
        way.push({ name, node });
        continue;
      }
      links = countLink(links, path);
      todo.unshift(...partsOf(node.target));
      way.length = node.target.startsWith("/") ? 0 : way.length;
    }
    return { path: `/${way.map(({ name }) => name).join("/")}`, node: way.at(-1)?.node ?? this.#root };
  }

  /** The folder in which a path lies, ready to be changed, and what is there; a link at its end is followed if it can be. */
  #place(path: string, follow = true, links = 0): { folder: FolderNode; name: string; node: FsNode | undefined } {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined || name === "..") {
      throw new FileError("EINVAL", path);
    }
    const parent = this.#get(`/${parts.join("/")}`);
    if (parent.node.kind !== "folder") {
      throw new FileError("ENOTDIR", path);
    }
    const node = parent.node.entries.get(name);
    if (node?.kind === "link" && follow) {
      return this.#place(resolve(parent.path, node), true, countLink(links, path));
    }
    return { folder: this.#ownFolder(parent.path), name, node };
  }

  /** Makes every folder on the way to `path` ours. The path has no links. */
  #ownFolder(path: string): FolderNode {
    this.#root = this.#own(this.#root);
    let folder = this.#root;
    for (const part of partsOf(path)) {
      const next = folder.entries.get(part);
      if (next?.kind !== "folder") {
        throw new FileError("ENOTDIR", path);
      }
      const own = this.#own(next);
      folder.entries.set(part, own);
      folder = own;
    }
    return folder;
  }
}

interface WriteOptions {
  readonly append?: boolean | undefined;
  readonly mode?: number | undefined;
}

interface MkdirOptions {
  readonly recursive?: boolean | undefined;
  readonly mode?: number | undefined;
}

function countLink(links: number, path: string): number {
  if (links === maxLinks) {
    throw new FileError("ELOOP", path);
  }
  return links + 1;
}

function childOf(node: FsNode, name: string): FsNode | undefined {
  return node.kind === "folder" ? node.entries.get(name) : undefined;
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function resolve(folder: string, { target }: LinkNode): string {
  return target.startsWith("/") ? target : `${folder}/${target}`;
}
