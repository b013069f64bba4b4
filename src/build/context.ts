import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { lstat, readdir, readFile, readlink, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileSystemError, isMissing } from "../archive/file-system-error.ts";
import { packTar, type TarEntry } from "../archive/pack.ts";
import { readFileExactly } from "../archive/read-file.ts";
import { CopyError } from "../errors/copy-error.ts";
import { type IgnoreMatch, IgnorePatterns, readIgnoreFile } from "./ignore-patterns.ts";

/** A build context that is ready to be sent. */
export interface BuildContextTar {
  /** The Dockerfile's path in the tar. */
  readonly dockerfile: string;
  readonly tar: AsyncIterable<Uint8Array>;
}

/** How a folder becomes a build context. */
export interface FolderOptions {
  /** The Dockerfile, from the folder; it may lie outside of it. Default: `Dockerfile`, else `dockerfile`. */
  readonly dockerfile?: string | undefined;
  /** Whether a `NAME.dockerignore` beside the Dockerfile `NAME` takes the place of `.dockerignore`, as for BuildKit. */
  readonly ownIgnoreFile: boolean;
}

/**
 * Makes the build context of a folder: what `docker build` would send. What `.dockerignore` names is left out, except
 * the Dockerfile and the `.dockerignore` itself, which the engine needs. Everything belongs to root; symbolic links stay
 * what they are; hard links stay links; times are whole seconds.
 *
 * @throws CopyError if something cannot be read, or (the tar) is a device, a pipe or a socket; InvalidRequestError if a
 *   pattern is malformed
 */
export async function folderContext(folder: string, options: FolderOptions): Promise<BuildContextTar> {
  const root = await attempt(folder, () => realpath(folder));
  const path = await findDockerfile(root, options.dockerfile);
  const inside = relative(root, path).split(sep).join("/");
  const isOutside = inside === ".." || inside.startsWith("../") || isAbsolute(inside);
  const ignoreFile = await findIgnoreFile(root, path, options.ownIgnoreFile);
  const ignoreText = await readIfThere(ignoreFile);
  const lines = readIgnoreFile(ignoreText ?? "");
  if (!isOutside) {
    return {
      dockerfile: inside,
      tar: packTar(new ContextFolder(root, keep(lines, [".dockerignore", inside])).entries()),
    };
  }
  const patterns = keep(lines, [".dockerignore"]);
  const outer = await outerDockerfile(path, await readIfThere(join(root, ".dockerignore")));
  return {
    dockerfile: outer.name,
    tar: packTar(withOuter(new ContextFolder(root, patterns).entries(), outer.entries)),
  };
}

/** Adds exceptions for files that must be sent (cli:cli/command/image/build/dockerignore.go). */
function keep(lines: readonly string[], needed: readonly string[]): IgnorePatterns {
  const kept = [...lines];
  for (const path of needed) {
    if (new IgnorePatterns(kept).ignores(path)) {
      kept.push(`!${path}`);
    }
  }
  return new IgnorePatterns(kept);
}

async function findDockerfile(root: string, dockerfile: string | undefined): Promise<string> {
  const path = resolve(root, dockerfile ?? "Dockerfile");
  try {
    return await realpath(path);
  } catch (cause) {
    const other =
      dockerfile === undefined ? await realpath(join(root, "dockerfile")).catch(() => undefined) : undefined;
    if (other === undefined) {
      throw fileSystemError(path, cause);
    }
    return other;
  }
}

async function findIgnoreFile(root: string, dockerfile: string, ownIgnoreFile: boolean): Promise<string> {
  const own = join(dirname(dockerfile), `${basename(dockerfile)}.dockerignore`);
  return ownIgnoreFile && (await readIfThere(own)) !== undefined ? own : join(root, ".dockerignore");
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (isMissing(cause)) {
      return undefined;
    }
    throw fileSystemError(path, cause);
  }
}

/**
 * A Dockerfile from outside is sent under a name of its own, which `.dockerignore` then names, so that the engine does
 * not copy it into images (cli:cli/command/image/build/context.go).
 */
async function outerDockerfile(path: string, ignoreText: string | undefined): Promise<Outer> {
  const name = `.dockerfile.${randomBytes(10).toString("hex")}`;
  const content = await attempt(path, () => readFile(path));
  const ignored = `${ignoreText ?? ".dockerignore"}\n${name}\n`;
  return { name, entries: [textEntry(".dockerignore", ignored), textEntry(name, content)] };
}

interface Outer {
  readonly name: string;
  /** The `.dockerignore` that takes the place of the folder's, and the Dockerfile. */
  readonly entries: readonly TarEntry[];
}

async function* withOuter(inner: AsyncIterable<TarEntry>, outer: readonly TarEntry[]): AsyncGenerator<TarEntry> {
  for await (const entry of inner) {
    if (entry.header.name !== ".dockerignore") {
      yield entry;
    }
  }
  yield* outer;
}

function textEntry(name: string, text: string | Uint8Array): TarEntry {
  const bytes = Buffer.from(text);
  const header = { name, type: "file", size: bytes.length, mode: 0o600, mtime: new Date(), uid: 0, gid: 0 } as const;
  return { header, body: once(bytes) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Walks a folder as the CLI does (moby:pkg/archive TarWithOptions). */
class ContextFolder {
  readonly #root: string;
  readonly #patterns: IgnorePatterns;
  /** Where the first link to each file that has several is in the tar. */
  readonly #links = new Map<string, string>();

  constructor(root: string, patterns: IgnorePatterns) {
    this.#root = root;
    this.#patterns = patterns;
  }

  async *entries(directory = "", parent?: IgnoreMatch): AsyncGenerator<TarEntry> {
    const full = join(this.#root, directory);
    const names = await attempt(full, () => readdir(full));
    for (const name of names.sort()) {
      const path = directory === "" ? name : `${directory}/${name}`;
      const match = this.#patterns.match(path, parent);
      if (match.ignored && !this.#patterns.mayHaveExceptionsIn(path)) {
        continue;
      }
      const stats = await attempt(path, () => lstat(join(this.#root, path)));
      if (!match.ignored) {
        yield await this.#entry(path, stats);
      }
      if (stats.isDirectory()) {
        yield* this.entries(path, match);
      }
    }
  }

  async #entry(path: string, stats: Stats): Promise<TarEntry> {
    const full = join(this.#root, path);
    const mtime = new Date(Math.max(0, Math.floor(stats.mtimeMs / 1000) * 1000));
    const common = { name: path, size: 0, mode: stats.mode & 0o7777, mtime, uid: 0, gid: 0 };
    if (stats.isDirectory()) {
      return { header: { ...common, name: `${path}/`, type: "directory" } };
    }
    if (stats.isSymbolicLink()) {
      return { header: { ...common, type: "symlink", linkname: await attempt(full, () => readlink(full)) } };
    }
    if (!stats.isFile()) {
      throw new CopyError(`${full} is a device, a pipe or a socket`, { reason: "special-file", entry: full });
    }
    const first = this.#firstLink(path, stats);
    if (first !== undefined) {
      return { header: { ...common, type: "link", linkname: first } };
    }
    return { header: { ...common, type: "file", size: stats.size }, body: readFileExactly(full, stats.size) };
  }

  #firstLink(path: string, { dev, ino, nlink }: Stats): string | undefined {
    const id = `${dev}:${ino}`;
    const first = nlink > 1 ? this.#links.get(id) : undefined;
    if (nlink > 1 && first === undefined) {
      this.#links.set(id, path);
    }
    return first;
  }
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw fileSystemError(path, cause);
  }
}
