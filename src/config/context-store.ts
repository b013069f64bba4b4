import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../errors/config-error.ts";
import { errorCode, type JsonObject, Members, readJsonFile } from "./json-file.ts";

/** A context that the docker CLI keeps in files. */
export interface StoredContext {
  readonly name: string;
  /** What `docker context create --description` and others have noted. */
  readonly metadata: JsonObject;
  /** Everything that can be reached by it, by kind: `docker` is the engine. */
  readonly endpoints: JsonObject;
  /** The folder of `meta.json`. */
  readonly metadataFolder: string;
  /** The folder with one folder of certificates for each of the endpoints; it need not be there. */
  readonly tlsFolder: string;
}

/** The engine of a context. */
export interface ContextEngine {
  readonly host: string;
  readonly skipTlsVerify: boolean;
}

/**
 * Reads a context, which is kept under the SHA-256 of its name (cli:cli/context/store/store.go:531).
 *
 * @throws ConfigError if there is no such context, or if its file cannot be used.
 */
export async function readContext(configFolder: string, name: string): Promise<StoredContext> {
  const id = createHash("sha256").update(name).digest("hex");
  const context = await readMeta(configFolder, id);
  if (context === undefined) {
    const file = metaFile(configFolder, id);
    throw new ConfigError(`The context ${JSON.stringify(name)} does not exist: there is no ${file}`, file);
  }
  return context;
}

/**
 * Reads all contexts, in any order. The default one is no file, so it is not among them.
 *
 * @throws ConfigError if one of the files cannot be used.
 */
export async function readContexts(configFolder: string): Promise<readonly StoredContext[]> {
  const folder = join(configFolder, "contexts", "meta");
  const ids = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") {
      return [];
    }
    throw new ConfigError(`${folder} cannot be read: ${errorCode(error)}`, folder, error);
  });
  const contexts = await Promise.all(ids.map((id) => readMeta(configFolder, id)));
  return contexts.filter((context) => context !== undefined);
}

async function readMeta(configFolder: string, id: string): Promise<StoredContext | undefined> {
  const file = metaFile(configFolder, id);
  const object = await readJsonFile(file);
  if (object === undefined) {
    return undefined;
  }
  const members = new Members(object, file);
  return {
    name: members.string("Name") ?? "",
    metadata: members.object("Metadata") ?? {},
    endpoints: members.object("Endpoints") ?? {},
    metadataFolder: join(configFolder, "contexts", "meta", id),
    tlsFolder: join(configFolder, "contexts", "tls", id),
  };
}

function metaFile(configFolder: string, id: string): string {
  return join(configFolder, "contexts", "meta", id, "meta.json");
}

/**
 * Where the engine of a context is.
 *
 * @throws ConfigError if the context has none, or not in the form of one.
 */
export function engineOf({ name, endpoints, metadataFolder }: StoredContext): ContextEngine {
  const file = join(metadataFolder, "meta.json");
  const docker = new Members(endpoints, file).object("docker");
  if (docker === undefined) {
    throw new ConfigError(`The context ${JSON.stringify(name)} has no Docker engine (${file})`, file);
  }
  const members = new Members(docker, file);
  return { host: members.string("Host") ?? "", skipTlsVerify: members.boolean("SkipTLSVerify") ?? false };
}
