import { ConfigError } from "../errors/config-error.ts";
import { CredentialsError } from "../errors/credentials-error.ts";
import { registryHost } from "../registry-name.ts";
import { readAuthVariable } from "./auth-variable.ts";
import { allAuths, findAuth, writtenAuth } from "./auths.ts";
import { type ConfigFile, readConfigFile } from "./config-file.ts";
import { CredentialHelper } from "./credential-helper.ts";
import { storeOf } from "./default-store.ts";
import type { JsonObject } from "./json-file.ts";
import type { RegistryCredentials } from "./registry-credentials.ts";
import { changeConfigFile } from "./write-config-file.ts";

/** Where the docker CLI's credentials are. */
export interface CredentialSources {
  /** The folder of `config.json`. */
  readonly folder: string;
  /** `DOCKER_AUTH_CONFIG`: its credentials win over all others. */
  readonly variable: string | undefined;
  /** How long a credential helper may take, in milliseconds. */
  readonly helperTimeoutMs: number;
}

/**
 * The credentials that the docker CLI has: those of `DOCKER_AUTH_CONFIG`, else those of the registry's helper in
 * `credHelpers`, of the helper in `credsStore`, or of `auths` (cli:cli/config/configfile/file.go:321-403). Everything is
 * read anew each time: tokens expire.
 *
 * All methods throw a ConfigError if `config.json` cannot be used, a CredentialsError if a helper gives no answer, and
 * an InvalidRequestError if `DOCKER_AUTH_CONFIG` is malformed.
 */
export class DockerCredentials {
  readonly #sources: CredentialSources;

  constructor(sources: CredentialSources) {
    this.#sources = sources;
  }

  /** The credentials of a registry; undefined if there are none. */
  async get(registry: string, signal?: AbortSignal): Promise<RegistryCredentials | undefined> {
    const given = readAuthVariable(this.#sources.variable);
    if (Object.hasOwn(given, registry)) {
      return given[registry];
    }
    const file = await this.#read();
    const helper = this.#helper(file, registry, signal);
    return helper === undefined ? findAuth(file.auths, registry, malformedIn(file)) : helper.get(registry);
  }

  /** All credentials by registry. A helper is asked once for each registry that it has. */
  async all(signal?: AbortSignal): Promise<Readonly<Record<string, RegistryCredentials>>> {
    const given = readAuthVariable(this.#sources.variable);
    const file = await this.#read();
    const common = this.#helper(file, undefined, signal);
    const own = Object.keys(file.credHelpers);
    const listed = (await common?.list()) ?? [];
    const asked = [...new Set([...listed, ...own])].filter((registry) => !Object.hasOwn(given, registry));
    const found = await Promise.all(
      asked.map(async (registry) => [registry, await this.#known(registry, signal)] as const),
    );
    return {
      ...(common === undefined && allAuths(file.auths, malformedIn(file))),
      ...Object.fromEntries(found.flatMap(([registry, auth]) => (auth === undefined ? [] : [[registry, auth]]))),
      ...given,
    };
  }

  /** Keeps the credentials of a registry: with its helper if there is one, else in `config.json`. */
  async store(registry: string, credentials: RegistryCredentials): Promise<void> {
    const { folder } = this.#sources;
    const file = await this.#read();
    const helper = this.#helper(file, registry);
    await helper?.store(registry, credentials);
    // The docker CLI leaves an empty entry for what a helper has, which other tools look for.
    const entry = helper === undefined ? writtenAuth(credentials) : {};
    await changeAuths(folder, (auths) => ({ ...auths, [registry]: entry }), file.credsStore);
  }

  /** Forgets the credentials of a registry, under its name and under the URLs that older clients wrote. */
  async erase(registry: string): Promise<void> {
    const { folder } = this.#sources;
    const file = await this.#read();
    const host = registryHost(registry);
    const others = registry === host ? [`http://${host}`, `https://${host}`] : [];
    await this.#helper(file, registry)?.erase(registry);
    // A helper need not know these names, and may say so in its own words.
    await Promise.all(
      others.map((name) =>
        this.#helper(file, name)
          ?.erase(name)
          .catch(() => {}),
      ),
    );
    await changeAuths(folder, (auths) =>
      Object.fromEntries(Object.entries(auths).filter(([key]) => key !== registry && !others.includes(key))),
    );
  }

  async #read(): Promise<ConfigFile> {
    const file = await readConfigFile(this.#sources.folder);
    return { ...file, credsStore: await storeOf(file) };
  }

  /** The credentials of one registry of many: a helper that fails must not keep the others from those who need them. */
  async #known(registry: string, signal: AbortSignal | undefined): Promise<RegistryCredentials | undefined> {
    try {
      return await this.get(registry, signal);
    } catch (error) {
      if (!(error instanceof CredentialsError) || signal?.aborted) {
        throw error;
      }
      // As the docker CLI does (cli:cli/config/configfile/file.go, `GetAllCredentials`).
      process.emitWarning(`${error.message}; its credentials are left out`, { code: "FAIRLEAD_CREDENTIALS" });
      return undefined;
    }
  }

  /** The helper that has the credentials of a registry or, without one, of all that have none of their own. */
  #helper(file: ConfigFile, registry: string | undefined, signal?: AbortSignal): CredentialHelper | undefined {
    const { credHelpers, credsStore, path } = file;
    const isOwn = registry !== undefined && Object.hasOwn(credHelpers, registry);
    const name = isOwn ? credHelpers[registry] : credsStore;
    if (!name) {
      return undefined;
    }
    // It becomes a program's name, which is looked for on PATH alone.
    if (!/^[\w.+-]+$/.test(name)) {
      throw new ConfigError(`${path} names a credential helper that cannot be a program's name`, path);
    }
    return new CredentialHelper(name, { timeoutMs: this.#sources.helperTimeoutMs, signal });
  }
}

function malformedIn({ path }: ConfigFile): (registry: string) => ConfigError {
  return (registry) => new ConfigError(`The credentials for ${registry} in ${path} are malformed`, path);
}

/** Writes `auths` in the order of the names, and the helper that was found, as the docker CLI does, if there is a change. */
function changeAuths(
  folder: string,
  change: (auths: JsonObject) => JsonObject,
  credsStore?: string | undefined,
): Promise<void> {
  return changeConfigFile(folder, (content, { auths }) => {
    const changed = change(auths);
    if (JSON.stringify(changed) === JSON.stringify(auths)) {
      return content;
    }
    const others = Object.entries(content).filter(([key]) => key.toLowerCase() !== "auths");
    const sorted = Object.entries(changed).sort(([a], [b]) => (a < b ? -1 : 1));
    return { auths: Object.fromEntries(sorted), ...Object.fromEntries(others), ...(credsStore && { credsStore }) };
  });
}
