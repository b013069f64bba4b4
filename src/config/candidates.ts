import { homedir } from "node:os";
import { join } from "node:path";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import { type Endpoint, parseEndpoint } from "./endpoint.ts";

/** A place where an engine may be, and how we came to look there. */
export interface Candidate {
  readonly endpoint: Endpoint;
  /** For messages, e.g. `DOCKER_HOST` or `rootless Docker`. */
  readonly source: string;
}

/** What of the surroundings decides where an engine is looked for. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The user's numeric id; undefined on Windows. */
  readonly uid: number | undefined;
}

/** The surroundings of this process, read anew at each call. */
export function currentSurroundings(): Surroundings {
  return { env: process.env, home: homedir(), uid: process.getuid?.() };
}

/**
 * Where to look for an engine, first choice first: the explicit address, else `DOCKER_HOST`, else the well-known
 * sockets. An address that was named is the only candidate.
 *
 * @throws InvalidRequestError if the named address is malformed or asks for TLS.
 */
export function findCandidates(host: string | undefined, surroundings: Surroundings): readonly Candidate[] {
  const { env } = surroundings;
  if (host !== undefined) {
    return [{ endpoint: parseEndpoint(host, "the option host"), source: "the option host" }];
  }
  // The docker CLI treats an empty DOCKER_HOST as none.
  if (env["DOCKER_HOST"]) {
    const endpoint = parseEndpoint(env["DOCKER_HOST"], "DOCKER_HOST");
    refuseTls(endpoint, env["DOCKER_TLS_VERIFY"]);
    return [{ endpoint, source: "DOCKER_HOST" }];
  }
  return wellKnownSockets(surroundings);
}

/** Speaking plainly to a port that was meant to be protected would send everything in the clear. */
function refuseTls(endpoint: Endpoint, verify: string | undefined): void {
  if (endpoint.kind === "tcp" && verify) {
    throw new InvalidRequestError(
      "DOCKER_TLS_VERIFY is set, and Fairlead does not speak TLS to an engine: unset it to connect without protection",
      { parameter: "DOCKER_TLS_VERIFY" },
    );
  }
}

function wellKnownSockets({ env, home, uid }: Surroundings): readonly Candidate[] {
  const runtime = env["XDG_RUNTIME_DIR"] || (uid === undefined ? undefined : `/run/user/${uid}`);
  const inRuntime = (path: string, source: string): Candidate[] => (runtime ? [unix(join(runtime, path), source)] : []);
  return [
    unix("/var/run/docker.sock", "the default socket"),
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
