import { Refusal } from "./refusal.ts";

/** The API versions that an embedded engine speaks. */
export interface VersionRange {
  readonly oldest: string;
  readonly newest: string;
}

/** A request's path without its version, and the version that it asks for: the newest one if it asks for none. */
export interface VersionedPath {
  readonly path: string;
  readonly version: string;
}

/**
 * Takes the version from a request's path.
 *
 * @throws Refusal in dockerd's words if the engine does not speak it (moby:daemon/server/middleware/version.go:57-82).
 */
export function readVersion(path: string, { oldest, newest }: VersionRange): VersionedPath {
  const [, version = newest, rest = path] = /^\/v(\d+\.\d+)(\/.*)$/.exec(path) ?? [];
  if (isOlder(version, oldest)) {
    throw new Refusal(
      400,
      `client version ${version} is too old. Minimum supported API version is ${oldest}, please upgrade your client to a newer version`,
    );
  }
  if (isOlder(newest, version)) {
    throw new Refusal(400, `client version ${version} is too new. Maximum supported API version is ${newest}`);
  }
  return { path: rest, version };
}

/** Whether one API version is older than another. */
export function isOlder(version: string, other: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major === otherMajor ? minor < otherMinor : major < otherMajor;
}

/** What an embedded engine speaks unless it is told otherwise: all that Fairlead's tables know. */
export const allVersions: VersionRange = { oldest: "1.40", newest: "1.56" };
