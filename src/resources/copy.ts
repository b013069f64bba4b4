import { lstat, mkdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, posix, resolve } from "node:path";
import { type CopyResult, CopyTally, type UnsafeEntries } from "../archive/copy-result.ts";
import { nameParts } from "../archive/entry-name.ts";
import { Extraction } from "../archive/extraction.ts";
import { fileSystemError } from "../archive/file-system-error.ts";
import { localEntries } from "../archive/local-entries.ts";
import { packTar } from "../archive/pack.ts";
import {
  type Existing,
  goesInto,
  meansContents,
  meansDirectory,
  placeLocally,
  placer,
  type Source,
} from "../archive/paths.ts";
import { type ReadEntry, unpackTar } from "../archive/unpack.ts";
import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import { CopyError } from "../errors/copy-error.ts";
import { FairleadError } from "../errors/fairlead-error.ts";
import { RequestError } from "../errors/request-error.ts";
import { StatusError } from "../errors/status-error.ts";
import { statPath } from "./stat-path.ts";
import { getArchive } from "./tar-streams.ts";

/** Options of `containers.copyTo`. */
export interface CopyToOptions extends CallOptions {
  /** Whether files keep the numbers of their owner and group. Default: false, everything belongs to root. */
  readonly keepOwner?: boolean | undefined;
  /** What to do with devices, pipes and sockets. Default: `refuse`, the copy fails; `skip` leaves them out. */
  readonly unsafe?: UnsafeEntries | undefined;
}

/** Options of `containers.copyFrom`. */
export interface CopyFromOptions extends CallOptions {
  /** How many bytes the files may have together. Default: no limit. */
  readonly limitBytes?: number | undefined;
  /** How many files, directories and links there may be. Default: 1,000,000. */
  readonly limitEntries?: number | undefined;
  /**
   * What to do with devices, pipes, and names and links that lead out of the target. Default: `refuse`, the copy fails;
   * `skip` leaves them out and lists them in the result.
   */
  readonly unsafe?: UnsafeEntries | undefined;
}

const defaultLimitEntries = 1_000_000;
/** As many links as are followed to a destination in a container. */
const mostHops = 40;

/** Executes `containers.copyTo`. */
export async function copyTo(
  engine: Engine,
  id: string,
  source: string,
  destination: string,
  { keepOwner = false, unsafe = "refuse", ...options }: CopyToOptions,
): Promise<CopyResult> {
  const { path: local, ...facts } = await inspectLocal(source);
  const found = await inspectRemote(engine, id, destination, options);
  const into = goesInto(facts, destination, found.existing);
  const directory = into ? found.path : posix.dirname(found.path);
  const name = into ? (facts.contents ? undefined : facts.name) : posix.basename(found.path);
  const tally = new CopyTally();
  const body = packTar(localEntries(local, { name, keepOwner, unsafe, tally }));
  try {
    const parameters = { path: directory, noOverwriteDirNonDir: true };
    await engine.call("PutContainerArchive", { ...options, path: { id }, parameters, body });
  } catch (error) {
    // The failure of the local side, as it was before the transport met it.
    throw error instanceof RequestError && error.cause instanceof CopyError ? error.cause : error;
  }
  return tally.result(name === undefined ? directory : posix.join(directory, name));
}

/** Executes `containers.copyFrom`. */
export async function copyFrom(
  engine: Engine,
  id: string,
  source: string,
  destination: string,
  { limitBytes, limitEntries, unsafe = "refuse", ...options }: CopyFromOptions,
): Promise<CopyResult> {
  const archive = await getArchive(engine, { ...options, path: { id }, parameters: { path: source } });
  const entries = unpackTar(archive);
  const tally = new CopyTally();
  try {
    const first = await entries.next();
    const target = await prepare(source, destination, first.done ? undefined : first.value);
    const extraction = new Extraction(target.root, {
      limitBytes: limitBytes ?? Number.POSITIVE_INFINITY,
      limitEntries: limitEntries ?? defaultLimitEntries,
      unsafe,
      tally,
      ...target,
    });
    for (let next = first; !next.done; next = await entries.next()) {
      await extraction.add(next.value);
    }
    await extraction.finish();
    return tally.result(target.path);
  } catch (error) {
    throw error instanceof FairleadError ? error : fileSystemError(destination, error);
  } finally {
    await entries.return();
    await archive.close();
  }
}

interface Target {
  /** The directory that nothing may leave. */
  readonly root: string;
  readonly place: (name: string) => string;
  /** Whether the directory stays as it is, and only what is in it is written. */
  readonly keepRoot: boolean;
  /** Where the copy of the source itself is. */
  readonly path: string;
}

/** Decides from the first entry where the copy goes, and makes the directory that it needs. */
async function prepare(source: string, destination: string, first: ReadEntry | undefined): Promise<Target> {
  const contents = meansContents(source);
  const isWholeRoot = posix.resolve("/", source) === "/";
  if (first === undefined && !contents) {
    throw new CopyError(`The engine sent nothing for ${source}`, { reason: "malformed", entry: source });
  }
  const isDirectory = contents || first?.header.type === "directory";
  const name = posix.basename(posix.resolve("/", source));
  const path = await placeLocally({ name, isDirectory, contents }, destination);
  const [root] = contents || first === undefined ? [] : nameParts(first.header.name);
  if (!isDirectory) {
    return { root: dirname(path), place: placer(root, basename(path), isWholeRoot), keepRoot: false, path };
  }
  const isNew = await makeDirectory(path);
  return { root: path, place: placer(root, "", isWholeRoot), keepRoot: contents && !isNew, path };
}

/** Makes sure that the directory exists and is no link to one; tells whether it is new. */
async function makeDirectory(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o755 });
    return true;
  } catch (cause) {
    const stats = await lstat(path).catch(() => undefined);
    if (stats === undefined) {
      throw fileSystemError(path, cause);
    }
    if (!stats.isDirectory()) {
      throw new CopyError(`${path} is not a directory`, { reason: "in-the-way", entry: path });
    }
    return false;
  }
}

async function inspectLocal(source: string): Promise<Source & { readonly path: string }> {
  const path = resolve(source);
  try {
    const asDirectory = meansDirectory(source);
    const isDirectory = (await (asDirectory ? stat(path) : lstat(path))).isDirectory();
    if (asDirectory && !isDirectory) {
      throw new CopyError(`${source} is not a directory`, { reason: "not-a-directory", entry: source });
    }
    const contents = isDirectory && meansContents(source);
    return { name: basename(path), isDirectory, contents, path: asDirectory ? await realpath(path) : path };
  } catch (cause) {
    throw fileSystemError(source, cause);
  }
}

/** What is at a path in a container, after links at its end. A missing container shows when the copy is sent. */
async function inspectRemote(
  engine: Engine,
  id: string,
  destination: string,
  options: CallOptions,
): Promise<{ readonly path: string; readonly existing: Existing }> {
  let path = posix.resolve("/", destination);
  for (let hops = 0; hops < mostHops; hops += 1) {
    const outcome = await statPath(engine, { ...options, path: { id }, parameters: { path } }).outcome();
    if ("error" in outcome) {
      if (outcome.status !== 404) {
        throw new StatusError(
          { ...outcome, engineMessage: outcome.error.message },
          { operation: "ContainerArchiveInfo" },
        );
      }
      return { path, existing: "nothing" };
    }
    const { type, linkTarget } = outcome.value;
    if (type !== "symlink") {
      return { path, existing: type === "directory" ? "directory" : "other" };
    }
    path = posix.resolve(posix.dirname(path), linkTarget);
  }
  const message = `${destination} is a symbolic link that goes round`;
  throw new CopyError(message, { reason: "no-such-path", entry: destination });
}
