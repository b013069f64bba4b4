import { join } from "node:path";
import { defaultEndpoint, type Endpoint } from "./endpoint.ts";
import type { Surroundings } from "./surroundings.ts";

/** A place where an engine may be, and how we came to look there. */
export interface Candidate {
  readonly endpoint: Endpoint;
  /** For messages, e.g. `DOCKER_HOST` or `rootless Docker`. */
  readonly source: string;
}

/**
 * Where engines listen that nobody has named, first choice first. The docker CLI knows only the first of them; the
 * others are tried when nobody listens there.
 */
export function wellKnownSockets({ env, home, uid, platform }: Surroundings): readonly Candidate[] {
  const first = { endpoint: defaultEndpoint(platform), source: "the default socket" };
  if (platform === "win32") {
    return [first];
  }
  const runtime = env["XDG_RUNTIME_DIR"] || (uid === undefined ? undefined : `/run/user/${uid}`);
  const inRuntime = (path: string, source: string): Candidate[] => (runtime ? [unix(join(runtime, path), source)] : []);
  return [
    first,
    ...inRuntime("docker.sock", "rootless Docker"),
    unix(join(home, ".docker/run/docker.sock"), "Docker Desktop"),
    unix(join(home, ".docker/desktop/docker.sock"), "Docker Desktop on Linux"),
    unix(join(home, ".colima/default/docker.sock"), "Colima"),
    ...inRuntime("podman/podman.sock", "rootless Podman"),
    unix("/run/podman/podman.sock", "Podman"),
  ];
}

function unix(path: string, source: string): Candidate {
  return { endpoint: { kind: "unix", path }, source };
}
