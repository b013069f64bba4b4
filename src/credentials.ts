import { configFolderOf, type Surroundings } from "./config/surroundings.ts";
import type { CredentialsProvider } from "./engine/credentials.ts";
import { InvalidRequestError } from "./errors/invalid-request-error.ts";

/** Which credentials a client has. */
export interface CredentialsOptions {
  /**
   * Where the credentials of registries are. Default: where the docker CLI has them, in `DOCKER_AUTH_CONFIG`, in
   * `config.json` and with the credential helpers that it names. `false` is nowhere: only what a call is given is sent.
   */
  readonly credentials?: CredentialsProvider | false | undefined;
  /** The folder of the docker CLI's `config.json` and contexts. Default: `DOCKER_CONFIG`, else `~/.docker`. */
  readonly configFolder?: string | undefined;
}

/** How long a credential helper may take: some ask their user for a password. */
const helperTimeoutMs = 30_000;

/**
 * The credentials that those options mean. Nothing is read before the first call that needs some.
 *
 * @throws InvalidRequestError if the option is neither a provider nor `false`.
 */
export function credentialsOf(
  { credentials, configFolder }: CredentialsOptions,
  surroundings: Surroundings,
): CredentialsProvider | undefined {
  if (credentials === false) {
    return undefined;
  }
  if (credentials !== undefined) {
    return checked(credentials);
  }
  const folder = configFolderOf(configFolder, surroundings);
  const variable = surroundings.env["DOCKER_AUTH_CONFIG"];
  const load = async () => {
    const { DockerCredentials } = await import("./config/credentials.ts");
    return new DockerCredentials({ folder, variable, helperTimeoutMs });
  };
  return {
    get: async (registry, signal) => (await load()).get(registry, signal),
    all: async (signal) => (await load()).all(signal),
    store: async (registry, found) => (await load()).store(registry, found),
    erase: async (registry) => (await load()).erase(registry),
  };
}

/** Such a mistake would else come to light with the first pull of a private image. */
function checked(credentials: CredentialsProvider): CredentialsProvider {
  if (typeof credentials !== "object" || credentials === null || typeof credentials.get !== "function") {
    throw new InvalidRequestError("The option credentials must be false, or an object with the method get", {
      parameter: "credentials",
    });
  }
  return credentials;
}
