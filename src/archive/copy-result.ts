import type { CopyErrorReason } from "../errors/copy-error.ts";

/** What a copy came to. */
export interface CopyResult {
  /** Where the file or directory is now: a path in the container, or the absolute path of a local one. */
  readonly path: string;
  /** How many files were copied, hard links among them. */
  readonly files: number;
  /** How many directories were copied, those that were there already among them. */
  readonly directories: number;
  /** How many symbolic links were copied. */
  readonly links: number;
  /** The sizes of all files together. */
  readonly bytes: number;
  /** What was left out because the call said so. */
  readonly skipped: readonly SkippedEntry[];
}

/** Something that was left out of a copy. */
export interface SkippedEntry {
  /** Its name in the tar, or its local path. */
  readonly entry: string;
  /** Why it cannot be copied. */
  readonly reason: CopyErrorReason;
}

/** Counts what is copied. */
export class CopyTally {
  files = 0;
  directories = 0;
  links = 0;
  bytes = 0;
  readonly skipped: SkippedEntry[] = [];

  /** The result, now that everything is at that path. */
  result(path: string): CopyResult {
    const { files, directories, links, bytes, skipped } = this;
    return { path, files, directories, links, bytes, skipped };
  }
}

/** What to do with an entry that cannot be copied safely: fail, or leave it out and say so in the result. */
export type UnsafeEntries = "refuse" | "skip";
