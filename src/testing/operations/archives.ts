import { posix } from "node:path";
import { changesBetween } from "../files/changes.ts";
import { FileError } from "../files/file-error.ts";
import type { FileSystem, PathInfo } from "../files/file-system.ts";
import { writeTar } from "../files/tar-out.ts";
import type { EngineRequest, Handlers } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import { idsOf } from "../programs/applets/users.ts";
import type { Container } from "../state/container.ts";
import { layOver, readTar } from "../state/read-tar.ts";
import { goTime } from "../state/timestamps.ts";
import type { World } from "../state/world.ts";

export const archiveHandlers: Handlers = {
  ContainerArchiveInfo: (request, world) => {
    const { container, path, name } = placeOf(request, world);
    const headers = { [statHeader]: describe(container.files, infoOf(container, path, name), path) };
    return { status: 200, value: headers };
  },
  ContainerArchive: (request, world) => {
    const { container, path, name } = placeOf(request, world);
    const info = infoOf(container, path, name);
    // As `path.Base` of Go: the name of `/d/.` is `.`.
    const base = posix.basename(path) || "/";
    return {
      status: 200,
      headers: { [statHeader]: describe(container.files, info, path) },
      value: { contentType: "application/x-tar", bytes: writeTar(container.files, info.path, base) },
    };
  },
  PutContainerArchive: async (request, world) => {
    await extract(request, world);
    return { status: 200, value: undefined };
  },
  ContainerExport: ({ path }, world) => {
    // A clone has what lies in the container, not what was mounted into it.
    const files = world.containers.find(path["id"] ?? "").files.clone();
    return { status: 200, value: { contentType: "application/octet-stream", bytes: writeTar(files, "/", "") } };
  },
  ContainerChanges: ({ path }, world) => {
    const { files, facts } = world.containers.find(path["id"] ?? "");
    const changes = changesBetween(facts.image.files.root, files.root);
    return { status: 200, value: changes.length === 0 ? null : changes };
  },
};

const statHeader = "X-Docker-Container-Path-Stat";

/** Go's os.FileMode (moby:daemon/server/router/container/copy.go:18-31). */
const goTypes = {
  file: 0,
  folder: 2 ** 31,
  link: 2 ** 27,
  fifo: 2 ** 25,
  "block-device": 2 ** 26,
  "character-device": 2 ** 26 + 2 ** 21,
} as const;
const goSpecials = [
  [0o4000, 2 ** 23],
  [0o2000, 2 ** 22],
  [0o1000, 2 ** 20],
] as const;

/** How much a folder says it has, as ext4 does. */
const folderBytes = 4096;

interface Place {
  readonly container: Container;
  readonly path: string;
  /** How the container was named. */
  readonly name: string;
}

function placeOf({ path, parameters }: EngineRequest, world: World): Place {
  const asked = String(parameters["path"] ?? "");
  if (asked === "") {
    throw new Refusal(400, "bad parameter: pathcannot be empty");
  }
  const name = path["id"] ?? "";
  return { container: world.containers.find(name), path: asked, name };
}

/** What a path is; a link itself, unless a slash or `/.` stands behind it. */
function infoOf(container: Container, asked: string, name: string): PathInfo {
  const follow = /\/\.?$/.test(asked);
  const info = stat(container.files, `/${asked}`, follow);
  if (info === undefined || (follow && info.kind !== "folder")) {
    throw missing(name, asked);
  }
  return info;
}

function stat(files: FileSystem, path: string, follow: boolean): PathInfo | undefined {
  try {
    return files.stat(path, { follow });
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

function missing(name: string, path: string): Refusal {
  return new Refusal(404, `Could not find the file ${path} in container ${name}`);
}

/** The header that tells what a path is: JSON in base64. */
function describe(files: FileSystem, info: PathInfo, asked: string): string {
  const special = goSpecials.reduce((sum, [posixBit, goBit]) => sum + (info.mode & posixBit ? goBit : 0), 0);
  const leadsTo = info.kind === "link" ? posix.resolve(posix.dirname(info.path), info.target) : "";
  const text = JSON.stringify({
    name: posix.basename(asked) || "/",
    size: info.kind === "folder" ? folderBytes : info.size,
    mode: goTypes[info.kind] + special + (info.mode & 0o777),
    mtime: goTime(info.mtimeMs),
    linkTarget: leadsTo === "" ? "" : (stat(files, leadsTo, true)?.path ?? leadsTo),
  });
  return Buffer.from(text).toString("base64");
}

async function extract(request: EngineRequest, world: World): Promise<void> {
  const { container, path, name } = placeOf(request, world);
  const { files, facts } = container;
  const folder = stat(files, `/${path}`, true);
  if (folder === undefined) {
    throw missing(name, path);
  }
  if (folder.kind !== "folder") {
    throw new Refusal(400, "extraction point is not a directory");
  }
  mustBeWritable(container, folder.path);
  const chunks: Uint8Array[] = [];
  for await (const chunk of request.body) {
    chunks.push(chunk);
  }
  const owner = request.parameters["copyUIDGID"] === true ? idsOf(files, facts.config.User ?? "") : undefined;
  const read = await readTar(Buffer.concat(chunks));
  const entries = read.map((entry) => ({ ...entry, header: { ...entry.header, ...owner } }));
  if (request.parameters["noOverwriteDirNonDir"] === true) {
    for (const { header } of entries) {
      mustNotReplace(files, posix.join(folder.path, header.name), header.type === "directory");
    }
  }
  layOver(files, folder.path, entries);
}

function mustBeWritable({ files, facts }: Container, path: string): void {
  const inside = files.mounts.find(path);
  if (inside?.mount.readOnly) {
    throw new Refusal(400, "mounted volume is marked read-only");
  }
  if (inside === undefined && facts.hostConfig.ReadonlyRootfs) {
    throw new Refusal(400, "container rootfs is marked read-only");
  }
}

function mustNotReplace(files: FileSystem, path: string, isFolder: boolean): void {
  const there = stat(files, path, false);
  if (there === undefined || (there.kind === "folder") === isFolder) {
    return;
  }
  const clean = path.replace(/(.)\/$/, "$1");
  throw new Refusal(
    500,
    isFolder
      ? `cannot overwrite non-directory ${JSON.stringify(clean)} with directory "/"`
      : `cannot overwrite directory ${JSON.stringify(clean)} with non-directory "/"`,
  );
}
