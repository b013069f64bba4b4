import { constants, type Stats } from "node:fs";
import { chmod, link, lstat, lutimes, mkdir, open, rm, symlink, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { TarHeader } from "modern-tar";
import { CopyError } from "../errors/copy-error.ts";
import type { CopyTally, UnsafeEntries } from "./copy-result.ts";
import { refusal } from "./entry-name.ts";
import { isMissing } from "./file-system-error.ts";
import { Symlinks } from "./symlinks.ts";
import type { ReadEntry } from "./unpack.ts";

/** How an extraction is done. */
export interface ExtractionOptions {
  readonly limitBytes: number;
  readonly limitEntries: number;
  readonly unsafe: UnsafeEntries;
  readonly tally: CopyTally;
  /**
   * Turns a name of the tar into a path below the root; an empty one is the root itself. Throws if the name is none of
   * those that were asked for.
   */
  readonly place: (name: string) => string;
  /** Whether an entry for the root itself leaves the root's mode and time as they are. */
  readonly keepRoot: boolean;
}

/** What is done to a directory when everything in it is written. */
interface Finish {
  readonly mode: number;
  readonly mtime: Date | undefined;
}

/**
 * Writes entries below one directory, and nothing outside of it: names and links are checked, nothing is written through
 * a symbolic link, and symbolic links are made last, when it is known where all of them lead.
 */
export class Extraction {
  readonly #root: string;
  readonly #options: ExtractionOptions;
  readonly #files = new Set<string>();
  readonly #links = new Map<string, string>();
  readonly #linkTimes = new Map<string, Date | undefined>();
  readonly #directories = new Map<string, Finish>();
  /** Directories that were seen to be no links; nothing here replaces a directory. */
  readonly #real = new Set<string>();
  #entries = 0;

  /** @param root an existing directory */
  constructor(root: string, options: ExtractionOptions) {
    this.#root = root;
    this.#options = options;
  }

  /**
   * Writes one entry.
   *
   * @throws CopyError if the entry is refused
   */
  async add({ header, body }: ReadEntry): Promise<void> {
    this.#entries += 1;
    if (this.#entries > this.#options.limitEntries) {
      throw refusal("too-many-entries", header.name, `is one more than the limit of ${this.#options.limitEntries}`);
    }
    await this.#guard(header.name, () => this.#write(header, body, this.#options.place(header.name)));
  }

  /** Makes the symbolic links, and gives the directories their modes and times. */
  async finish(): Promise<void> {
    for (const [path, target] of this.#links) {
      await this.#guard(path, () => this.#makeLink(path, target));
    }
    // What is deeper comes first: writing into a directory changes its time, and may need its mode.
    const directories = [...this.#directories].sort(([a], [b]) => b.length - a.length);
    for (const [path, { mode, mtime }] of directories) {
      const full = join(this.#root, path);
      await chmod(full, mode);
      await utimes(full, mtime ?? new Date(), mtime ?? new Date());
    }
  }

  /** Leaves out what is refused, if the caller wants that. */
  async #guard(entry: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { unsafe, tally } = this.#options;
      if (unsafe === "refuse" || !(error instanceof CopyError) || !skippable.has(error.reason)) {
        throw error;
      }
      tally.skipped.push({ entry, reason: error.reason });
    }
  }

  async #write(header: TarHeader, body: AsyncIterable<Uint8Array>, path: string): Promise<void> {
    await this.#makeParents(header.name, path);
    switch (header.type ?? "file") {
      case "directory":
        return this.#writeDirectory(header, path);
      case "file":
        return this.#writeFile(header, body, path);
      case "symlink":
        return this.#planLink(header, path, header.linkname ?? "");
      case "link":
        return this.#writeHardLink(header, path);
      default:
        throw refusal("special-file", header.name, `is a special file (${header.type})`);
    }
  }

  /** Makes sure that the directories above exist and are directories, not links to some. */
  async #makeParents(name: string, path: string): Promise<void> {
    const parts = path.split("/").slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const parent = parts.slice(0, depth).join("/");
      await this.#requireDirectory(name, parent);
    }
  }

  async #requireDirectory(name: string, path: string): Promise<void> {
    if (this.#real.has(path)) {
      return;
    }
    const stats = await this.#lstat(path);
    if (this.#links.has(path) || stats?.isSymbolicLink()) {
      throw refusal("through-link", name, "leads through a symbolic link");
    }
    if (stats === undefined) {
      await mkdir(join(this.#root, path), { mode: 0o755 });
    } else if (!stats.isDirectory()) {
      throw refusal("in-the-way", name, "would be a directory where there is none");
    }
    this.#real.add(path);
  }

  async #writeDirectory({ name, mode = 0o755, mtime }: TarHeader, path: string): Promise<void> {
    if (path === "" && this.#options.keepRoot) {
      return;
    }
    if (path !== "") {
      await this.#requireDirectory(name, path);
    }
    this.#directories.set(path, { mode: mode & permissions, mtime });
    this.#options.tally.directories += 1;
  }

  async #writeFile(header: TarHeader, body: AsyncIterable<Uint8Array>, path: string): Promise<void> {
    const { tally, limitBytes } = this.#options;
    if (tally.bytes + header.size > limitBytes) {
      throw refusal("too-many-bytes", header.name, `goes beyond the limit of ${limitBytes} bytes`);
    }
    await this.#makeRoom(header.name, path);
    await writeNewFile(join(this.#root, path), header, body);
    this.#files.add(path);
    tally.files += 1;
    tally.bytes += header.size;
  }

  async #planLink({ name, mtime }: TarHeader, path: string, target: string): Promise<void> {
    await this.#makeRoom(name, path);
    this.#links.set(path, target);
    this.#linkTimes.set(path, mtime);
    this.#options.tally.links += 1;
  }

  /** A hard link may only lead to what this extraction has written; so it cannot lead out, nor through a link. */
  async #writeHardLink(header: TarHeader, path: string): Promise<void> {
    const target = this.#options.place(header.linkname ?? "");
    const symlinkTarget = this.#links.get(target);
    if (symlinkTarget !== undefined) {
      return this.#planLink(header, path, symlinkTarget);
    }
    if (!this.#files.has(target) || target === path) {
      throw refusal("link-outside-target", header.name, `is a hard link to what was not copied: ${header.linkname}`);
    }
    await this.#makeRoom(header.name, path);
    await link(join(this.#root, target), join(this.#root, path));
    this.#files.add(path);
    this.#options.tally.files += 1;
  }

  async #makeLink(path: string, target: string): Promise<void> {
    const inside = await new Symlinks(this.#root, this.#links).staysInside(path, target);
    if (!inside) {
      this.#options.tally.links -= 1;
      throw refusal("link-outside-target", path, `is a symbolic link that leads out of the target: ${target}`);
    }
    const full = join(this.#root, path);
    const mtime = this.#linkTimes.get(path) ?? new Date();
    await symlink(target, full);
    await lutimes(full, mtime, mtime);
  }

  /** Removes what an earlier copy left at the path, unless it is a directory. */
  async #makeRoom(name: string, path: string): Promise<void> {
    if (path === "") {
      throw refusal("in-the-way", name, "would take the place of the target directory");
    }
    this.#options.tally.links -= Number(this.#links.delete(path));
    this.#options.tally.files -= Number(this.#files.delete(path));
    const stats = await this.#lstat(path);
    if (stats?.isDirectory()) {
      throw refusal("in-the-way", name, "would take the place of a directory");
    }
    if (stats !== undefined) {
      await unlink(join(this.#root, path));
    }
  }

  async #lstat(path: string): Promise<Stats | undefined> {
    try {
      return await lstat(join(this.#root, path));
    } catch (cause) {
      if (isMissing(cause)) {
        return undefined;
      }
      throw cause;
    }
  }
}

/** Files belong to whoever copies them, so set-user-id and set-group-id would give away that user's rights. */
const permissions = 0o1777;

const skippable: ReadonlySet<string> = new Set([
  "outside-target",
  "link-outside-target",
  "through-link",
  "special-file",
]);

async function writeNewFile(path: string, header: TarHeader, body: AsyncIterable<Uint8Array>): Promise<void> {
  const { O_WRONLY, O_CREAT, O_EXCL } = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600);
  try {
    for await (const bytes of body) {
      await file.writeFile(bytes);
    }
    await file.chmod((header.mode ?? 0o644) & permissions);
    const mtime = header.mtime ?? new Date();
    await file.utimes(mtime, mtime);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
