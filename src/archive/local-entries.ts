import type { Stats } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { TarHeader } from "modern-tar";
import { CopyError } from "../errors/copy-error.ts";
import type { CopyTally, UnsafeEntries } from "./copy-result.ts";
import { fileSystemError } from "./file-system-error.ts";
import type { TarEntry } from "./pack.ts";
import { readFileExactly } from "./read-file.ts";

/** How a local path becomes entries of a tar. */
export interface LocalEntriesOptions {
  /** What the entry of the path itself is called in the tar. Default: it has no entry, only what is in it has. */
  readonly name: string | undefined;
  /** Whether owners are kept; else everything belongs to root. */
  readonly keepOwner: boolean;
  readonly unsafe: UnsafeEntries;
  readonly tally: CopyTally;
}

/**
 * Gives a local path and everything below it as entries of a tar, sorted by name. Symbolic links are given as they are and
 * never followed; hard links are given as files.
 *
 * @throws (the iterator) CopyError if something cannot be read, or is a device, a pipe or a socket
 */
export async function* localEntries(path: string, options: LocalEntriesOptions): AsyncGenerator<TarEntry> {
  const stats = await attempt(path, () => lstat(path));
  if (options.name !== undefined) {
    const entry = await toEntry(path, stats, options.name, options);
    if (entry !== undefined) {
      yield entry;
    }
  }
  if (stats.isDirectory()) {
    const names = await attempt(path, () => readdir(path));
    for (const name of names.sort()) {
      const inner = options.name === undefined ? name : `${options.name}/${name}`;
      yield* localEntries(join(path, name), { ...options, name: inner });
    }
  }
}

async function toEntry(
  path: string,
  stats: Stats,
  name: string,
  { keepOwner, unsafe, tally }: LocalEntriesOptions,
): Promise<TarEntry | undefined> {
  const common = { mode: stats.mode & 0o7777, ...times(stats), ...(keepOwner ? owner(stats) : { uid: 0, gid: 0 }) };
  if (stats.isFile()) {
    tally.files += 1;
    tally.bytes += stats.size;
    const header: TarHeader = { ...common, name, type: "file", size: stats.size };
    return { header, body: readFileExactly(path, stats.size) };
  }
  if (stats.isDirectory()) {
    tally.directories += 1;
    return { header: { ...common, name: `${name}/`, type: "directory", size: 0 } };
  }
  if (stats.isSymbolicLink()) {
    tally.links += 1;
    const linkname = await attempt(path, () => readlink(path));
    return { header: { ...common, name, type: "symlink", size: 0, linkname } };
  }
  if (unsafe === "refuse") {
    throw new CopyError(`${path} is a device, a pipe or a socket`, { reason: "special-file", entry: path });
  }
  tally.skipped.push({ entry: path, reason: "special-file" });
  return undefined;
}

/** The header's field holds whole seconds from 1970; a PAX record holds the rest. */
function times({ mtimeMs }: Stats): Pick<TarHeader, "mtime" | "pax"> {
  const mtime = new Date(Math.max(0, mtimeMs));
  const fitsField = mtimeMs >= 0 && mtimeMs % 1000 === 0;
  return fitsField ? { mtime } : { mtime, pax: { mtime: (mtimeMs / 1000).toFixed(6) } };
}

function owner({ uid, gid }: Stats): Pick<TarHeader, "uid" | "gid"> {
  return { uid, gid };
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw fileSystemError(path, cause);
  }
}
