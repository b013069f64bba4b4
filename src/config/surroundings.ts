import { homedir } from "node:os";
import { join } from "node:path";

/** What of the surroundings decides where an engine is and how to speak with it. It may hold secrets: it is never logged. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The user's numeric id; undefined on Windows. */
  readonly uid: number | undefined;
  /** As `process.platform`. */
  readonly platform: string;
}

/** The environment variables that are looked at. */
const variables = [
  "DOCKER_API_VERSION",
  "DOCKER_AUTH_CONFIG",
  "DOCKER_CERT_PATH",
  "DOCKER_CONFIG",
  "DOCKER_CONTEXT",
  "DOCKER_CUSTOM_HEADERS",
  "DOCKER_HOST",
  "DOCKER_TLS",
  "DOCKER_TLS_VERIFY",
  "XDG_RUNTIME_DIR",
] as const;

/** The surroundings of this process as they are now; later changes do not reach what was made with them. */
export function currentSurroundings(): Surroundings {
  const env = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
  return { env, home: homedir(), uid: process.getuid?.(), platform: process.platform };
}

/** The folder of the docker CLI's `config.json` and contexts: the option, else `DOCKER_CONFIG`, else `~/.docker`. */
export function configFolderOf(option: string | undefined, { env, home }: Surroundings): string {
  return option ?? (env["DOCKER_CONFIG"] || join(home, ".docker"));
}
