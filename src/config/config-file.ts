import { join } from "node:path";
import { type JsonObject, Members, readJsonFile } from "./json-file.ts";

/** What Fairlead uses of the docker CLI's `config.json`. It holds secrets: it is never logged. */
export interface ConfigFile {
  /** The file, whether it is there or not. */
  readonly path: string;
  /** Credentials by registry, as they stand in the file. */
  readonly auths: JsonObject;
  /** The credential helper for every registry, without `docker-credential-`. */
  readonly credsStore: string | undefined;
  /** Credential helpers by registry. */
  readonly credHelpers: Readonly<Record<string, string>>;
  /** Headers for every request to an engine. */
  readonly httpHeaders: Readonly<Record<string, string>>;
  /** The context that is in use, if not the default one. */
  readonly currentContext: string | undefined;
  /** Proxies for containers and builds by engine address, as they stand in the file. */
  readonly proxies: JsonObject;
  /** The whole file, to be written back with what Fairlead does not know. */
  readonly raw: JsonObject;
}

/**
 * Reads `config.json` of that folder. A file that is missing or empty is like one that says nothing.
 *
 * @throws ConfigError if it cannot be read, is larger than 8 MiB, is not JSON, or has members of other types.
 */
export async function readConfigFile(folder: string): Promise<ConfigFile> {
  const path = join(folder, "config.json");
  const raw = (await readJsonFile(path)) ?? {};
  const members = new Members(raw, path);
  return {
    path,
    auths: members.object("auths") ?? {},
    credsStore: members.string("credsStore") || undefined,
    credHelpers: members.strings("credHelpers"),
    httpHeaders: members.strings("HttpHeaders"),
    currentContext: members.string("currentContext") || undefined,
    proxies: members.object("proxies") ?? {},
    raw,
  };
}
