import { join } from "node:path";
import { ConfigError } from "../errors/config-error.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import { type Candidate, wellKnownSockets } from "./candidates.ts";
import { type ConfigFile, readConfigFile } from "./config-file.ts";
import { defaultTlsAddress, type Endpoint, parseEndpoint } from "./endpoint.ts";
import { fileHeaders, type Headers, variableHeaders } from "./headers.ts";
import { type Choice, defaultContext, type Selection, type Source, select } from "./selection.ts";
import { configFolderOf, type Surroundings } from "./surroundings.ts";
import { type TlsMaterial, tlsMaterialOf } from "./tls.ts";
import { environmentTls, readEnvironmentTls, readTlsFiles } from "./tls-files.ts";

/** Where the engine is, and what is said to it with every request. */
export interface Resolution {
  /** The place, or the places of which the first is taken where somebody listens. */
  readonly candidates: readonly Candidate[];
  /** What decided. */
  readonly source: Source;
  /** The name of the context. */
  readonly context: string;
  readonly headers: Headers;
  readonly config: ConfigFile;
}

/**
 * Finds out where the engine is, as the docker CLI does.
 *
 * @throws InvalidRequestError if an option or a variable is malformed, or if options contradict each other.
 * @throws ConfigError if the context does not exist, or a file is needed that cannot be used.
 */
export async function resolve(choice: Choice, surroundings: Surroundings): Promise<Resolution> {
  const selection = select(choice, surroundings);
  const folder = configFolderOf(choice.configFolder, surroundings);
  const config = await readConfigFile(folder);
  const headers = headersOf(choice, surroundings, config);
  const { name, source } = contextOf(selection, config);
  const candidates =
    name === defaultContext
      ? await defaultCandidates(selection, choice, surroundings, folder)
      : [await contextCandidate(folder, name, source, choice)];
  return { candidates, source, context: name, headers, config };
}

/** The context that is in use, and what named it. */
export function contextOf(selection: Selection, { currentContext }: ConfigFile): { name: string; source: Source } {
  switch (selection.kind) {
    case "address":
      return { name: defaultContext, source: selection.source };
    case "context":
      return selection;
    case "file":
      return currentContext === undefined
        ? { name: defaultContext, source: "the default" }
        : { name: currentContext, source: "currentContext" };
    default:
      return selection satisfies never;
  }
}

async function contextCandidate(folder: string, name: string, source: Source, { tls }: Choice): Promise<Candidate> {
  const { engineOf, readContext } = await import("./context-store.ts");
  const context = await readContext(folder, name);
  const { host, skipTlsVerify } = engineOf(context);
  if (tls !== undefined) {
    throw new InvalidRequestError(`The context ${name} (${source}) has its own TLS: leave the option tls out`, {
      parameter: "tls",
    });
  }
  const endpoint = parseContextHost(host, name, join(context.metadataFolder, "meta.json"));
  const material = await readTlsFiles(join(context.tlsFolder, "docker"), skipTlsVerify);
  return {
    endpoint: withTls(endpoint, material ?? (skipTlsVerify ? { skipVerify: true } : undefined)),
    source: `the context ${name}, named by ${source}`,
  };
}

/** A malformed address in a file is the file's fault, not the request's. */
function parseContextHost(host: string, name: string, file: string): Endpoint {
  try {
    return parseEndpoint(host, `the context ${name}`);
  } catch (error) {
    throw error instanceof InvalidRequestError ? new ConfigError(`${error.message} (${file})`, file, error) : error;
  }
}

/**
 * The places that the default context stands for: the address that was named, else the default sockets.
 *
 * @throws InvalidRequestError if the option tls does not suit them; ConfigError if the files of TLS cannot be used.
 */
export async function defaultCandidates(
  selection: Selection,
  { tls }: Choice,
  surroundings: Surroundings,
  folder: string,
): Promise<readonly Candidate[]> {
  const asked = environmentTls(surroundings, folder);
  const candidates = unprotected(selection, surroundings, tls === undefined ? asked?.source : "the option tls");
  if (tls !== undefined && candidates.some(({ endpoint }) => endpoint.kind !== "tcp")) {
    throw new InvalidRequestError("The option tls is for tcp:// addresses, and the engine's is another", {
      parameter: "tls",
    });
  }
  if (candidates.every(({ endpoint }) => endpoint.kind !== "tcp")) {
    return candidates;
  }
  const material = tls === undefined ? asked && (await readEnvironmentTls(asked)) : tlsMaterialOf(tls);
  return candidates.map(({ endpoint, source }) => ({ endpoint: withTls(endpoint, material), source }));
}

function unprotected(selection: Selection, surroundings: Surroundings, tls: string | undefined): readonly Candidate[] {
  if (selection.kind === "address") {
    return [selection];
  }
  // So does the docker CLI, which does not look for a socket then (cli:opts/hosts.go:60).
  return tls === undefined
    ? wellKnownSockets(surroundings)
    : [{ endpoint: parseEndpoint(defaultTlsAddress, tls), source: `the default address with ${tls}` }];
}

function withTls(endpoint: Endpoint, tls: TlsMaterial | undefined): Endpoint {
  return endpoint.kind === "tcp" && tls !== undefined ? { ...endpoint, tls } : endpoint;
}

function headersOf({ headers }: Choice, { env }: Surroundings, config: ConfigFile): Headers {
  const custom = env["DOCKER_CUSTOM_HEADERS"];
  const general = custom ? variableHeaders(custom) : fileHeaders(config.httpHeaders, config.path);
  return { ...general, ...headers };
}
