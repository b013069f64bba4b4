import type { Choice } from "./selection.ts";
import { currentSurroundings } from "./surroundings.ts";

/** A line of `docker context ls`. */
export interface ContextSummary {
  readonly Name: string;
  /** Empty if there is none. */
  readonly Description: string;
  /** The engine's address, as it stands in the context; empty if there is none. */
  readonly DockerEndpoint: string;
  /** Whether it is in use. */
  readonly Current: boolean;
  /** Why it cannot be used; empty if it can. */
  readonly Error: string;
}

/** Everything about a context, as `docker context inspect` prints it. */
export interface ContextDescription {
  readonly Name: string;
  /** What was noted with it, e.g. its `Description`. */
  readonly Metadata: Readonly<Record<string, unknown>>;
  /** What can be reached by it. */
  readonly Endpoints: Readonly<Record<string, unknown>> & {
    readonly docker: { readonly Host: string; readonly SkipTLSVerify: boolean };
  };
  /** The names of the files with certificates and keys, by endpoint. */
  readonly TLSMaterial: Readonly<Record<string, readonly string[]>>;
  /** The folders of its files. */
  readonly Storage: { readonly MetadataPath: string; readonly TLSPath: string };
}

/** What decides which contexts there are, and which is in use: as for a client. */
export interface ContextsOptions {
  readonly host?: string | undefined;
  readonly context?: string | undefined;
  /** The folder of the docker CLI's `config.json` and contexts. Default: `DOCKER_CONFIG`, else `~/.docker`. */
  readonly configFolder?: string | undefined;
  readonly tls?: Choice["tls"];
}

/**
 * The docker CLI's contexts: named addresses of engines, in files below `~/.docker`. `default` is no file: it stands for
 * `DOCKER_HOST`, or for the default socket.
 *
 * All methods throw a ConfigError if a file cannot be used, and an InvalidRequestError if an option or `DOCKER_HOST` is
 * malformed.
 *
 * @example
 * const contexts = new Contexts();
 * for (const { Name, DockerEndpoint, Current } of await contexts.list()) {
 *   console.log(Current ? "*" : " ", Name, DockerEndpoint);
 * }
 */
export class Contexts {
  readonly #choice: Choice;

  constructor(options: ContextsOptions = {}) {
    this.#choice = options;
  }

  /** The name of the context that a client with these options uses. It is not checked whether there is such a context. */
  async current(): Promise<string> {
    const { currentContext } = await import("./context-commands.ts");
    return currentContext(this.#choice, currentSurroundings());
  }

  /** All contexts in the order of their names, with the one in use even if it does not exist. */
  async list(): Promise<readonly ContextSummary[]> {
    const { listContexts } = await import("./context-commands.ts");
    return listContexts(this.#choice, currentSurroundings());
  }

  /**
   * Everything about one context.
   *
   * @throws ConfigError if it does not exist.
   */
  async inspect(name: string): Promise<ContextDescription> {
    const { inspectContext } = await import("./context-commands.ts");
    return inspectContext(name, this.#choice, currentSurroundings());
  }

  /**
   * Makes a context the one in use, for the docker CLI as well: writes `currentContext` of `config.json`. `DOCKER_HOST`
   * and `DOCKER_CONTEXT` still win over it. Clients that were used before stay with their engine.
   *
   * @throws ConfigError if it does not exist, or if the file cannot be written.
   */
  async use(name: string): Promise<void> {
    const { useContext } = await import("./context-commands.ts");
    return useContext(name, this.#choice, currentSurroundings());
  }
}
