import { AbortError } from "../errors/abort-error.ts";
import type { AuthConfig } from "../generated/models.ts";
import type { Operation } from "../generated/operation.ts";
import { registryKeyOf } from "../registry-name.ts";
import { referenceOf } from "./references.ts";
import type { CallInput } from "./request.ts";
import { SharedWork } from "./shared-work.ts";

/**
 * Where a client has the credentials of registries from. A registry is named by its host and port, e.g.
 * `registry.example:5000`, and Docker Hub by `https://index.docker.io/v1/`. What a method throws, the call throws that
 * needed it.
 */
export interface CredentialsProvider {
  /** Gives the credentials of a registry; undefined if there are none. The signal says that nobody needs them any more. */
  get(registry: string, signal: AbortSignal): Promise<AuthConfig | undefined>;
  /** Gives all credentials, by registry, for a build: only its engine finds out which registries it needs. */
  all?(signal: AbortSignal): Promise<Readonly<Record<string, AuthConfig>>>;
  /** Keeps the credentials of a registry. */
  store?(registry: string, credentials: AuthConfig): Promise<void>;
  /** Forgets the credentials of a registry. */
  erase?(registry: string): Promise<void>;
}

/** Gives the operations that need credentials those that the caller left to the client. */
export class Credentials {
  readonly #provider: CredentialsProvider | undefined;
  /** What is being looked up. Once it is there it is forgotten: tokens expire. */
  readonly #running = new Map<string, SharedWork<unknown>>();

  /** @param provider undefined if the client has no credentials */
  constructor(provider: CredentialsProvider | undefined) {
    this.#provider = provider;
  }

  /**
   * The input with the credentials for its registry, unless the caller gave some or wants none.
   *
   * @throws AbortError if the signal is aborted; whatever the provider throws.
   */
  async authorize({ id, headers }: Operation, input: CallInput): Promise<CallInput> {
    if (headers?.["registryAuth"] !== undefined) {
      const registryAuth = await this.#one(id, input);
      return { ...input, parameters: { ...input.parameters, registryAuth } };
    }
    if (headers?.["registryConfig"] !== undefined) {
      const registryConfig = await this.#all(input);
      return { ...input, parameters: { ...input.parameters, registryConfig } };
    }
    return input;
  }

  async #one(id: string, input: CallInput): Promise<unknown> {
    const given = input.parameters?.["registryAuth"];
    if (given !== undefined && typeof given !== "boolean") {
      return given;
    }
    const reference = (given ?? !keptBySwarm.has(id)) ? referenceOf(id, input) : undefined;
    const found = reference === undefined ? undefined : await this.#get(registryKeyOf(reference), input.signal);
    // Daemons before API 1.42 want the header even where it says nothing (moby:api/pkg/authconfig/authconfig.go:19-23).
    return found ?? (id === "ImagePush" ? {} : undefined);
  }

  async #all({ parameters, signal }: CallInput): Promise<unknown> {
    const given = parameters?.["registryConfig"];
    // BuildKit does not read it (moby:daemon/builder/dockerfile/imagecontext.go:38 does).
    const isWanted = given ?? parameters?.["version"] !== "2";
    const provider = this.#provider;
    return isWanted === true && provider?.all !== undefined
      ? this.#share("", signal, async (leaving) => provider.all?.(leaving))
      : given;
  }

  async #get(registry: string, signal: AbortSignal | undefined): Promise<unknown> {
    const provider = this.#provider;
    return provider && this.#share(registry, signal, async (leaving) => provider.get(registry, leaving));
  }

  /** Looks up once for all who want the same at the same time. */
  #share(key: string, signal: AbortSignal | undefined, look: Look): Promise<unknown> {
    const aborted = (): AbortError => new AbortError("The call was aborted", { cause: signal?.reason });
    if (signal?.aborted) {
      throw aborted();
    }
    const running = this.#running.get(key);
    if (running !== undefined && !running.isGivenUp) {
      return running.join(signal, aborted);
    }
    const work = new SharedWork((leaving) =>
      look(leaving).finally(() => {
        if (this.#running.get(key) === work) {
          this.#running.delete(key);
        }
      }),
    );
    this.#running.set(key, work);
    return work.join(signal, aborted);
  }
}

type Look = (leaving: AbortSignal) => Promise<unknown>;

/** A swarm keeps the credentials of a service and hands them to its nodes, so they are sent on request alone. */
const keptBySwarm: ReadonlySet<string> = new Set(["ServiceCreate", "ServiceUpdate"]);
