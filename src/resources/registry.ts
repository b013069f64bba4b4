import { Call } from "../call.ts";
import type { CallOptions } from "../engine/call-options.ts";
import type { CredentialsProvider } from "../engine/credentials.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import type { Answer } from "../generated/outcome.ts";
import type { SystemAuthOutcome } from "../generated/outcomes.ts";
import { dockerHubKey, registryKey } from "../registry-name.ts";
import { split } from "./options.ts";

/** Who logs in, and where. */
export interface Login {
  readonly username: string;
  /** The password, or an access token in its place. */
  readonly password: string;
  /** The registry, e.g. `registry.example:5000`. Default: Docker Hub. */
  readonly serveraddress?: string | undefined;
}

/** What a login came to. */
export interface LoginResult {
  /** Under this name the credentials are kept: the registry's host, or `https://index.docker.io/v1/` for Docker Hub. */
  readonly registry: string;
  /** The engine's words, e.g. `Login Succeeded`. */
  readonly status: string;
}

/** The documented answers of `registry.login`. */
export type LoginOutcome =
  | Answer<"Succeeded", 200, LoginResult>
  | Exclude<SystemAuthOutcome, { readonly value: unknown }>;

/** A running `registry.login`. */
export type LoginCall = Call<LoginResult, LoginOutcome>;

/** The credentials of registries, which the calls that need some find by themselves. */
export class Registry {
  readonly #engine: Engine;
  readonly #credentials: CredentialsProvider | undefined;

  /** Made by `Docker`. */
  constructor(engine: Engine, credentials: CredentialsProvider | undefined) {
    this.#engine = engine;
    this.#credentials = credentials;
  }

  /**
   * Checks credentials at their registry and, if it takes them, keeps them where the docker CLI does: with a credential
   * helper if `config.json` names one for the registry, else in `config.json` itself, where they are not encrypted. If the
   * registry gives an identity token, that is kept in place of the password.
   *
   * `POST /auth`, since API 1.40. Podman speaks TLS to a registry here, whatever its settings say.
   *
   * @throws InvalidRequestError if the client's `credentials` cannot keep any; CredentialsError if the helper fails;
   *   ConfigError if `config.json` cannot be written
   *
   * @example
   * await docker.registry.login({ username: "ada", password: "secret", serveraddress: "registry.example:5000" });
   */
  login(login: Login, options: CallOptions = {}): LoginCall {
    return new Call<LoginResult, LoginOutcome>(this.#login(login, options), unwrapper("SystemAuth"));
  }

  /**
   * Forgets the credentials of a registry. If there are none that is a success too. The engine is not asked, and
   * `DOCKER_AUTH_CONFIG` stays as it is.
   *
   * @param registry e.g. `registry.example:5000`. Default: Docker Hub.
   * @throws InvalidRequestError if the client's `credentials` cannot forget any; CredentialsError if the helper fails;
   *   ConfigError if `config.json` cannot be written
   */
  async logout(registry: string = dockerHubKey): Promise<void> {
    const provider = this.#credentials;
    if (provider?.erase === undefined) {
      throw new InvalidRequestError("This client has no credentials that it could forget", {
        parameter: "credentials",
      });
    }
    await provider.erase(keyOf(registry));
  }

  async #login({ username, password, serveraddress }: Login, options: CallOptions): Promise<LoginOutcome> {
    const registry = keyOf(serveraddress ?? dockerHubKey);
    const provider = this.#credentials;
    if (provider?.store === undefined) {
      throw new InvalidRequestError("This client has nowhere to keep credentials", { parameter: "credentials" });
    }
    if (!username || !password) {
      throw new InvalidRequestError("A login needs a username and a password", { parameter: "username" });
    }
    const body = { username, password, serveraddress: registry };
    const outcome = await this.#engine.call("SystemAuth", { ...split(options), body }).outcome();
    if ("error" in outcome) {
      return outcome;
    }
    const { IdentityToken: identitytoken, Status: status } = outcome.value;
    await provider.store(registry, identitytoken ? { username, identitytoken, serveraddress: registry } : body);
    return { ...outcome, value: { registry, status } };
  }
}

function keyOf(address: string): string {
  const key = typeof address === "string" ? registryKey(address.trim()) : "";
  if (!/^(?:https:\/\/index\.docker\.io\/v1\/|[^\s/@]+)$/.test(key)) {
    throw new InvalidRequestError("A registry is named by its host, e.g. registry.example:5000", {
      parameter: "serveraddress",
    });
  }
  return key;
}
