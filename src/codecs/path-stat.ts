import { Buffer } from "node:buffer";
import type { ErrorContext } from "../errors/fairlead-error.ts";
import { JsonError } from "../errors/json-error.ts";

/** What a path in a container is. A symbolic link is described itself, not what it leads to. */
export interface PathStat {
  /** The last part of the path. */
  readonly name: string;
  readonly type: PathType;
  /** The permissions as POSIX has them, e.g. `0o4755`: with set-user-id, set-group-id and sticky, without the type. */
  readonly mode: number;
  /** The size in bytes; what that means for anything but a file is up to the engine's file system. */
  readonly size: number;
  /** When the content changed last, to the millisecond. Podman gives the beginning of 1970 for directories. */
  readonly mtime: Date;
  /** What a symbolic link leads to, seen from the container's root. Podman gives it for everything. */
  readonly linkTarget: string;
}

/** The type of a path; `irregular` is what none of the others is. */
export type PathType =
  | "file"
  | "directory"
  | "symlink"
  | "block-device"
  | "character-device"
  | "fifo"
  | "socket"
  | "irregular";

/** Go's os.FileMode (bits from 31 down), as the daemon sends it (moby:daemon/server/router/container/copy.go:18-31). */
const goBits = {
  directory: 1 << 31,
  symlink: 1 << 27,
  device: 1 << 26,
  fifo: 1 << 25,
  socket: 1 << 24,
  setUserId: 1 << 23,
  setGroupId: 1 << 22,
  characterDevice: 1 << 21,
  sticky: 1 << 20,
  irregular: 1 << 19,
} as const;

/**
 * Decodes the header `X-Docker-Container-Path-Stat`: JSON in standard base64.
 *
 * @throws JsonError if the header is missing or is not that.
 */
export function decodePathStat(header: unknown, facts: { status: number; context: ErrorContext }): PathStat {
  const bytes = Buffer.from(typeof header === "string" ? header : "", "base64");
  try {
    const { name, mode, size, mtime, linkTarget } = JSON.parse(bytes.toString("utf8")) as RawStat; // checked below
    const modified = new Date(mtime);
    if (typeof name === "string" && Number.isInteger(mode) && Number.isInteger(size) && !Number.isNaN(+modified)) {
      return { name, type: typeOf(mode), mode: posixMode(mode), size, mtime: modified, linkTarget: linkTarget ?? "" };
    }
  } catch {
    // Said below: it is not JSON.
  }
  const message = "The answer does not tell what the path is: X-Docker-Container-Path-Stat is missing or malformed";
  throw new JsonError(message, { status: facts.status, bytes, position: 0 }, facts.context);
}

interface RawStat {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly mtime: string;
  readonly linkTarget?: string;
}

function typeOf(mode: number): PathType {
  const has = (bit: number): boolean => (mode & bit) !== 0;
  if (has(goBits.directory)) return "directory";
  if (has(goBits.symlink)) return "symlink";
  if (has(goBits.device)) return has(goBits.characterDevice) ? "character-device" : "block-device";
  if (has(goBits.fifo)) return "fifo";
  if (has(goBits.socket)) return "socket";
  return has(goBits.irregular) ? "irregular" : "file";
}

function posixMode(mode: number): number {
  const bit = (go: number, posix: number): number => ((mode & go) === 0 ? 0 : posix);
  return (mode & 0o777) | bit(goBits.setUserId, 0o4000) | bit(goBits.setGroupId, 0o2000) | bit(goBits.sticky, 0o1000);
}
