import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import { type Endpoint, parseEndpoint } from "./endpoint.ts";
import { checkHeaders, type Headers } from "./headers.ts";
import type { Surroundings } from "./surroundings.ts";
import { type TlsOptions, tlsMaterialOf } from "./tls.ts";

/** What the maker of a client says about its engine. */
export interface Choice {
  readonly host?: string | undefined;
  readonly context?: string | undefined;
  readonly configFolder?: string | undefined;
  readonly headers?: Headers | undefined;
  readonly tls?: TlsOptions | undefined;
}

/** Everything that may say where the engine is, the first word first. */
export type Source =
  | "the option host"
  | "the option context"
  | "DOCKER_HOST"
  | "DOCKER_CONTEXT"
  | "currentContext"
  | "the default";

/** What decides where the engine is, as far as that is known without reading files. */
export type Selection =
  | { readonly kind: "address"; readonly endpoint: Endpoint; readonly source: Source }
  | { readonly kind: "context"; readonly name: string; readonly source: Source }
  /** The `currentContext` of `config.json` decides, or the default if there is none. */
  | { readonly kind: "file" };

/** The context that is no file, but stands for `DOCKER_HOST` and the default sockets. */
export const defaultContext = "default";

/**
 * Chooses what decides where the engine is, in the docker CLI's order (cli:cli/command/cli.go:439-457): the options,
 * `DOCKER_HOST`, `DOCKER_CONTEXT`, `config.json`.
 *
 * @throws InvalidRequestError if what was chosen is malformed, or if options contradict each other.
 */
export function select(choice: Choice, { env }: Surroundings): Selection {
  checkOptions(choice);
  const { host, context } = choice;
  if (host !== undefined) {
    return { kind: "address", endpoint: parseEndpoint(host, "the option host"), source: "the option host" };
  }
  if (context !== undefined && context !== defaultContext) {
    return { kind: "context", name: context, source: "the option context" };
  }
  // The docker CLI treats an empty variable as none.
  if (env["DOCKER_HOST"]) {
    return { kind: "address", endpoint: parseEndpoint(env["DOCKER_HOST"], "DOCKER_HOST"), source: "DOCKER_HOST" };
  }
  if (context !== undefined) {
    return { kind: "context", name: context, source: "the option context" };
  }
  return env["DOCKER_CONTEXT"]
    ? { kind: "context", name: env["DOCKER_CONTEXT"], source: "DOCKER_CONTEXT" }
    : { kind: "file" };
}

function checkOptions({ host, context, headers = {}, tls }: Choice): void {
  if (host !== undefined && context !== undefined) {
    throw new InvalidRequestError("The options host and context both say where the engine is: leave one out", {
      parameter: "context",
    });
  }
  if (context !== undefined && context !== defaultContext && tls !== undefined) {
    throw new InvalidRequestError("A context has its own TLS: leave the option tls or the option context out", {
      parameter: "tls",
    });
  }
  checkHeaders(headers, "the option headers");
  if (tls !== undefined) {
    tlsMaterialOf(tls);
  }
}
