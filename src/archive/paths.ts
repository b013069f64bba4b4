import type { Stats } from "node:fs";
import { lstat, readlink, stat } from "node:fs/promises";
import { basename, dirname, join, posix, resolve } from "node:path";
import { CopyError } from "../errors/copy-error.ts";
import { nameParts } from "./entry-name.ts";
import { fileSystemError, isMissing } from "./file-system-error.ts";

/** What is copied, as far as it decides where the copy goes. */
export interface Source {
  /** Its last name. */
  readonly name: string;
  readonly isDirectory: boolean;
  /** Whether only what is in the directory is copied: the path ends in `/.`, or is the root. */
  readonly contents: boolean;
}

/** What is at a destination: nothing, a directory, or something else. */
export type Existing = "nothing" | "directory" | "other";

/** Whether a path can only mean a directory. */
export function meansDirectory(path: string): boolean {
  return /(^|[/\\])\.{0,2}$/.test(path);
}

/** Whether a path means what is in a directory, and not the directory. */
export function meansContents(path: string): boolean {
  return (
    path === "." ||
    /[/\\]\.$/.test(path) ||
    posix.resolve("/", path) === "/" ||
    resolve(path) === dirname(resolve(path))
  );
}

/**
 * Where the copy goes, by the rules of `docker cp`: into a directory that exists, else onto the destination itself.
 *
 * @returns true if the copy goes into the destination under the source's name, or, of contents, as they are; false if it
 *   takes the destination's place and name
 * @throws CopyError if a directory would replace a file, or the directory that the destination means does not exist
 */
export function goesInto(source: Source, destination: string, existing: Existing): boolean {
  const refuse = (reason: "in-the-way" | "not-a-directory" | "no-such-path", words: string): CopyError =>
    new CopyError(`${destination} ${words}`, { reason, entry: destination });
  if (existing === "directory") {
    return true;
  }
  if (existing === "other" && source.isDirectory) {
    throw refuse("in-the-way", "is not a directory, so a directory cannot be copied there");
  }
  if (existing === "other" && meansDirectory(destination)) {
    throw refuse("not-a-directory", "is not a directory");
  }
  if (existing === "nothing" && !source.isDirectory && meansDirectory(destination)) {
    throw refuse("no-such-path", "does not exist, and a file is copied only into a directory that exists");
  }
  return false;
}

/**
 * The local path that a copy gets.
 *
 * @throws CopyError by the rules of `goesInto`, or if the directory above the destination does not exist
 */
export async function placeLocally(source: Source, destination: string): Promise<string> {
  const path = await followLinks(resolve(destination));
  const stats = await statOf(path);
  const existing = stats === undefined ? "nothing" : stats.isDirectory() ? "directory" : "other";
  if (goesInto(source, destination, existing)) {
    return source.contents ? path : join(path, source.name);
  }
  if (existing === "nothing" && !(await statOf(dirname(path)))?.isDirectory()) {
    const message = `${dirname(path)} is not a directory, so nothing can be copied to ${basename(path)} there`;
    throw new CopyError(message, { reason: "no-such-path", entry: destination });
  }
  return path;
}

/**
 * Gives the function that places the names of an engine's tar, which all begin with the same part, unless it is the
 * contents of a directory.
 *
 * @param root the name that the first entry has; undefined for contents
 * @param own what the entry of that name is called in the target; empty if it is the target
 */
export function placer(root: string | undefined, own: string, isWholeRoot: boolean): (name: string) => string {
  return (name) => {
    const parts = nameParts(isWholeRoot ? name.replace(/^\//, "") : name);
    if (root === undefined) {
      return parts.join("/");
    }
    if (parts.shift() !== root) {
      throw new CopyError(`${JSON.stringify(name)} is not a part of what was asked for`, {
        reason: "outside-target",
        entry: name,
      });
    }
    return own === "" ? parts.join("/") : [own, ...parts].join("/");
  };
}

/** Follows a symbolic link at the end of a path, also one that leads to nothing. */
async function followLinks(path: string): Promise<string> {
  let followed = path;
  for (let hops = 0; hops < 40; hops += 1) {
    const stats = await statOf(followed, lstat);
    if (!stats?.isSymbolicLink()) {
      return followed;
    }
    followed = resolve(dirname(followed), await readlink(followed));
  }
  throw new CopyError(`${path} is a symbolic link that goes round`, { reason: "file-system", entry: path });
}

async function statOf(path: string, read: (path: string) => Promise<Stats> = stat): Promise<Stats | undefined> {
  try {
    return await read(path);
  } catch (cause) {
    if (isMissing(cause)) {
      return undefined;
    }
    throw fileSystemError(path, cause);
  }
}
