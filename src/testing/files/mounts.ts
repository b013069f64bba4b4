import { FileError } from "./file-error.ts";
import type { FileSystem } from "./file-system.ts";

/** A place at which other files lie. */
export interface Mount {
  /** Absolute, without a slash at its end. */
  readonly path: string;
  readonly files: FileSystem;
  readonly readOnly: boolean;
}

/** Where a path leads that lies in a mount. */
export interface Mounted {
  readonly mount: Mount;
  /** The path within the mount's files. */
  readonly path: string;
}

/** What is mounted into a file system. Paths are compared as they are written: a link into a mount is not followed. */
export class Mounts {
  readonly #mounts = new Map<string, Mount>();

  all(): Mount[] {
    return [...this.#mounts.values()];
  }

  add(path: string, files: FileSystem, readOnly: boolean): void {
    const clean = normalize(path);
    this.#mounts.set(clean, { path: clean, files, readOnly });
  }

  remove(path: string): void {
    this.#mounts.delete(normalize(path));
  }

  /** The innermost mount in which a path lies; undefined if in none. */
  find(path: string): Mounted | undefined {
    if (this.#mounts.size === 0) {
      return undefined;
    }
    const clean = normalize(path);
    for (let end = clean.length; end > 0; end = clean.lastIndexOf("/", end - 1)) {
      const mount = this.#mounts.get(clean.slice(0, end));
      if (mount !== undefined) {
        return { mount, path: clean.slice(end) || "/" };
      }
    }
    return undefined;
  }

  /**
   * The same for a path that is to be changed.
   *
   * @throws FileError if the mount is read-only.
   */
  findToChange(path: string): Mounted | undefined {
    const found = this.find(path);
    if (found?.mount.readOnly) {
      throw new FileError("EROFS", path);
    }
    return found;
  }
}

function normalize(path: string): string {
  const way: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") {
      way.pop();
    } else if (part !== "" && part !== ".") {
      way.push(part);
    }
  }
  return `/${way.join("/")}`;
}
