import { Buffer } from "node:buffer";
import { posix } from "node:path";
import { gunzipSync } from "node:zlib";
import { unpackTar } from "modern-tar";
import type { FileSystem } from "../files/file-system.ts";
import type { FsNode, Meta } from "../files/node.ts";
import { Refusal } from "../http/refusal.ts";
import { whiteoutPrefix } from "./layer-tar.ts";

type Entry = Awaited<ReturnType<typeof unpackTar>>[number];

/** How a tar is laid over files. */
export interface LayOptions {
  /** Whether names may say that another one is gone, as in layers. Default: `false`. */
  readonly whiteouts?: boolean;
  /** Whether everything belongs to root, whoever it belonged to. Default: `false`. */
  readonly rootOwned?: boolean;
}

const opaque = `${whiteoutPrefix}${whiteoutPrefix}.opq`;

/**
 * Reads a tar, which may be compressed by gzip.
 *
 * @throws Refusal 500 in dockerd's words if it is none.
 */
export async function readTar(bytes: Uint8Array): Promise<Entry[]> {
  if (bytes.length < blockBytes && !isGzip(bytes)) {
    throw new Refusal(500, "unexpected EOF");
  }
  checkTar(bytes);
  try {
    // Tars by Go need not have the mark of POSIX in their headers, so that strict reading refuses good ones.
    return await unpackTar(unzipped(bytes));
  } catch {
    throw new Refusal(500, "unexpected EOF");
  }
}

/** Looks at how a tar begins, of which at least one block is there. @throws Refusal 500 if it is none. */
export function checkTar(start: Uint8Array): void {
  const block = start.subarray(0, blockBytes);
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  const written = Number.parseInt(Buffer.from(block.subarray(148, 156)).toString("latin1"), 8);
  if (!isGzip(start) && sum !== written && block.some((byte) => byte !== 0)) {
    throw new Refusal(500, "archive/tar: invalid tar header");
  }
}

const blockBytes = 512;

/** A tar without its compression. @throws if the compression is damaged. */
export function unzipped(bytes: Uint8Array): Uint8Array {
  return isGzip(bytes) ? gunzipSync(bytes) : bytes;
}

/** Whether bytes begin as gzip's do. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Lays the entries of a tar over the files below a folder, which is made if it is not there. */
export function layOver(files: FileSystem, folder: string, entries: readonly Entry[], options: LayOptions = {}): void {
  files.mkdir(folder, { recursive: true });
  const folders: { readonly path: string; readonly meta: Meta }[] = [];
  for (const entry of entries) {
    const path = posix.join(folder, posix.normalize(`/${entry.header.name}`)).replace(/(.)\/$/, "$1");
    const { dir, base } = posix.parse(path);
    if (options.whiteouts && base.startsWith(whiteoutPrefix)) {
      takeAway(files, dir, base);
    } else if (entry.header.type === "directory") {
      makeFolder(files, path);
      folders.push({ path, meta: metaOf(entry, options) });
    } else {
      files.mkdir(dir, { recursive: true });
      layEntry(files, folder, path, entry, metaOf(entry, options));
    }
  }
  // What is put into a folder changes its time.
  for (const { path, meta } of folders.reverse()) {
    files.change(path, meta);
  }
}

function takeAway(files: FileSystem, dir: string, base: string): void {
  const names = base === opaque ? namesIn(files, dir) : [base.slice(whiteoutPrefix.length)];
  for (const name of names) {
    if (files.stat(`${dir}/${name}`, { follow: false })) {
      files.remove(`${dir}/${name}`, { recursive: true });
    }
  }
}

function namesIn(files: FileSystem, dir: string): string[] {
  return files.stat(dir)?.kind === "folder" ? files.list(dir) : [];
}

/** A folder takes the place of a file, and leaves a link to a folder as it is. */
function makeFolder(files: FileSystem, path: string): void {
  const there = files.stat(path);
  if (there !== undefined && there.kind !== "folder") {
    files.remove(path);
  }
  files.mkdir(path, { recursive: true });
}

function layEntry(files: FileSystem, folder: string, path: string, entry: Entry, meta: Meta): void {
  const { type, linkname = "" } = entry.header;
  if (type === "link") {
    const target = posix.join(folder, linkname);
    files.put(path, fileNode(files.readFile(target), meta));
  } else {
    files.put(path, nodeOf(entry, meta));
  }
}

function nodeOf({ header: { type, linkname = "" }, data }: Entry, meta: Meta): FsNode {
  switch (type) {
    case "symlink":
      return { kind: "link", meta, target: linkname };
    case "fifo":
    case "character-device":
    case "block-device":
      return { kind: type, meta };
    default:
      return fileNode(data ?? new Uint8Array(), meta);
  }
}

function fileNode(data: Uint8Array, meta: Meta): FsNode {
  return { kind: "file", meta, chunks: [data], size: data.length, owner: {} };
}

function metaOf({ header }: Entry, { rootOwned = false }: LayOptions): Meta {
  const { mode = 0o644, uid = 0, gid = 0, mtime } = header;
  const owner = rootOwned ? { uid: 0, gid: 0 } : { uid, gid };
  return { mode: mode & 0o7777, ...owner, mtimeMs: mtime?.getTime() ?? 0 };
}
