import { Buffer } from "node:buffer";
import type { FileNode, FolderNode, FsNode } from "../files/node.ts";

/** What lies in one folder and did not, or not so, in another: the tar of a layer. */
export interface Difference {
  readonly tar: Uint8Array;
  /** How many bytes its files have. */
  readonly fileBytes: number;
  readonly isEmpty: boolean;
}

/** Files whose name begins so say that another one is gone (OCI image specification, layer.md). */
export const whiteoutPrefix = ".wh.";

const blockBytes = 512;
const longestField = 100;
const types: Readonly<Record<FsNode["kind"], string>> = {
  file: "0",
  link: "2",
  "character-device": "3",
  "block-device": "4",
  folder: "5",
  fifo: "6",
};

interface Sink {
  readonly blocks: Uint8Array[];
  fileBytes: number;
}

/**
 * Writes the difference between two folders as the tar of a layer. What both share is not looked at, so that the cost is
 * that of the changes.
 */
export function writeDifference(before: FolderNode | undefined, after: FolderNode): Difference {
  const sink: Sink = { blocks: [], fileBytes: 0 };
  writeFolder(sink, "", before, after);
  const isEmpty = sink.blocks.length === 0;
  return { tar: Buffer.concat([...sink.blocks, Buffer.alloc(2 * blockBytes)]), fileBytes: sink.fileBytes, isEmpty };
}

function writeFolder(sink: Sink, path: string, before: FolderNode | undefined, after: FolderNode): void {
  for (const name of [...(before?.entries.keys() ?? [])].sort()) {
    if (!after.entries.has(name)) {
      writeEntry(sink, `${path}${whiteoutPrefix}${name}`, gone);
    }
  }
  for (const [name, node] of [...after.entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    writeNode(sink, `${path}${name}`, before?.entries.get(name), node);
  }
}

function writeNode(sink: Sink, path: string, before: FsNode | undefined, node: FsNode): void {
  if (node === before) {
    return;
  }
  if (node.kind !== "folder") {
    if (!isSame(before, node)) {
      writeEntry(sink, path, node);
    }
    return;
  }
  const inside: Sink = { blocks: [], fileBytes: 0 };
  writeFolder(inside, `${path}/`, before?.kind === "folder" ? before : undefined, node);
  if (inside.blocks.length > 0 || before?.kind !== "folder" || !sameMeta(before, node)) {
    writeEntry(sink, `${path}/`, node);
    sink.blocks.push(...inside.blocks);
    sink.fileBytes += inside.fileBytes;
  }
}

const gone: FileNode = {
  kind: "file",
  meta: { mode: 0, uid: 0, gid: 0, mtimeMs: 0 },
  chunks: [],
  size: 0,
  owner: {},
};

function isSame(before: FsNode | undefined, node: FsNode): boolean {
  if (before === undefined || before.kind !== node.kind || !sameMeta(before, node)) {
    return false;
  }
  if (before.kind === "link" && node.kind === "link") {
    return before.target === node.target;
  }
  // Content that is the same in other pieces counts as changed: a file was written.
  const chunks = before.kind === "file" && node.kind === "file" ? { old: before.chunks, new: node.chunks } : undefined;
  return (
    chunks === undefined ||
    (chunks.old.length === chunks.new.length && chunks.old.every((chunk, at) => chunk === chunks.new[at]))
  );
}

function sameMeta({ meta: a }: FsNode, { meta: b }: FsNode): boolean {
  return a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && a.mtimeMs === b.mtimeMs;
}

function writeEntry(sink: Sink, path: string, node: FsNode): void {
  sink.blocks.push(...entryBlocks(path, node));
  sink.fileBytes += node.kind === "file" ? node.size : 0;
}

/**
 * One entry of a tar.
 *
 * @param hardLink the path that the file has in the tar already
 */
export function entryBlocks(path: string, node: FsNode, hardLink?: string): Uint8Array[] {
  const target = hardLink ?? (node.kind === "link" ? node.target : "");
  const blocks: Uint8Array[] = [];
  const records = [...longRecord("path", path), ...longRecord("linkpath", target)];
  if (records.length > 0) {
    const body = Buffer.concat(records);
    blocks.push(header("pax", "x", body.length, gone.meta, ""), ...padded([body], body.length));
  }
  const content = node.kind === "file" && hardLink === undefined ? node : gone;
  const type = hardLink === undefined ? types[node.kind] : "1";
  blocks.push(header(path, type, content.size, node.meta, target), ...padded(content.chunks, content.size));
  return blocks;
}

function longRecord(key: string, value: string): Uint8Array[] {
  if (Buffer.byteLength(value) <= longestField) {
    return [];
  }
  const rest = ` ${key}=${value}\n`;
  const restBytes = Buffer.byteLength(rest);
  // The length counts its own digits.
  const length = restBytes + String(restBytes + String(restBytes).length).length;
  return [Buffer.from(`${length}${rest}`)];
}

function padded(chunks: readonly Uint8Array[], size: number): Uint8Array[] {
  return [...chunks, Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes)];
}

function header(name: string, type: string, size: number, meta: FsNode["meta"], target: string): Uint8Array {
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, start: number, digits: number) =>
    block.write(value.toString(8).padStart(digits, "0"), start);
  Buffer.from(name).copy(block, 0, 0, longestField);
  octal(meta.mode, 100, 7);
  octal(meta.uid, 108, 7);
  octal(meta.gid, 116, 7);
  octal(size, 124, 11);
  octal(Math.floor(meta.mtimeMs / 1000), 136, 11);
  block.fill(" ", 148, 156);
  block.write(type, 156);
  Buffer.from(target).copy(block, 157, 0, longestField);
  block.write("ustar\u000000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
