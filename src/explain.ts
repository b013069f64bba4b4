import { join } from "node:path";
import type { Candidate } from "./config/candidates.ts";
import { formatEndpoint, parseEndpoint } from "./config/endpoint.ts";
import { type Resolution, resolve } from "./config/resolve.ts";
import { defaultContext, type Source } from "./config/selection.ts";
import { configFolderOf, type Surroundings } from "./config/surroundings.ts";
import type { TlsMaterial } from "./config/tls.ts";
import { type ConnectionOptions, engineAddress } from "./connection.ts";
import { tryAddress } from "./transport/open-transport.ts";
import type { Timeouts } from "./transport/transport.ts";

/** Something that could have said where the engine is, or a place where it could have been, and was not taken. */
export interface UntakenSource {
  /** E.g. `DOCKER_CONTEXT`, or `rootless Podman`. */
  readonly source: string;
  /** The address there, if it is known. */
  readonly endpoint?: string | undefined;
  /** Why it was not taken, e.g. `not set`, or `DOCKER_HOST comes first`. */
  readonly reason: string;
}

/** How TLS is spoken, without any secret. */
export interface TlsExplanation {
  /** Whether the engine's certificate is verified. */
  readonly verified: boolean;
  /** Who may have signed it: certificates that were given, or those that the runtime trusts. */
  readonly authorities: "given" | "trusted by the runtime";
  /** Whether the client shows a certificate of its own. */
  readonly clientCertificate: boolean;
  /** The name that the engine's certificate must have, if not the host of the address. */
  readonly serverName?: string | undefined;
}

/** Which engine a client speaks with, and why that one. */
export interface EngineExplanation {
  /** The engine's address. Undefined if none was named and nobody listens at any of the well-known sockets. */
  readonly endpoint: string | undefined;
  /** What decided for it, e.g. `DOCKER_HOST`, or `the context far, named by currentContext`. */
  readonly source: string | undefined;
  /** The name of the context: `default` unless one was named. */
  readonly context: string;
  /** Undefined if TLS is not spoken. */
  readonly tls: TlsExplanation | undefined;
  /** The API version that was chosen. Undefined if it is negotiated with the engine. */
  readonly apiVersion: string | undefined;
  /** The names of the headers that are added to every request. */
  readonly headers: readonly string[];
  /** The docker CLI's `config.json`, whether it is there or not. */
  readonly configFile: string;
  /** What was not taken, in the order in which it was looked at. */
  readonly tried: readonly UntakenSource[];
}

/** Works out what `Docker.explain` tells. */
export async function explain(
  options: ConnectionOptions & { readonly apiVersion?: string | undefined },
  surroundings: Surroundings,
  timeouts: Timeouts,
): Promise<EngineExplanation> {
  if (options.dial !== undefined) {
    return explainDial(options, surroundings);
  }
  const resolution = await resolve(options, surroundings);
  const { taken, untaken } = await firstListening(resolution.candidates, timeouts);
  const { context, headers, config } = resolution;
  const tls = taken?.endpoint.kind === "tcp" ? taken.endpoint.tls : undefined;
  return {
    endpoint: taken && formatEndpoint(taken.endpoint),
    source: taken?.source,
    context,
    tls: tls && explainTls(tls),
    apiVersion: options.apiVersion,
    headers: Object.keys(headers),
    configFile: config.path,
    tried: [...untakenSources(options, surroundings, resolution), ...untaken],
  };
}

/** Who dials for itself leaves nothing to be decided, and neither the environment nor files are looked at. */
function explainDial(
  {
    host = "dial",
    headers = {},
    configFolder,
    apiVersion,
  }: ConnectionOptions & { readonly apiVersion?: string | undefined },
  surroundings: Surroundings,
): EngineExplanation {
  return {
    endpoint: host,
    source: "the option dial",
    context: defaultContext,
    tls: undefined,
    apiVersion,
    headers: Object.keys(headers),
    configFile: join(configFolderOf(configFolder, surroundings), "config.json"),
    tried: [],
  };
}

function explainTls({ ca, cert, skipVerify, serverName }: TlsMaterial): TlsExplanation {
  return {
    verified: !skipVerify,
    authorities: ca === undefined ? "trusted by the runtime" : "given",
    clientCertificate: cert !== undefined,
    ...(serverName !== undefined && { serverName }),
  };
}

interface Search {
  readonly taken: Candidate | undefined;
  readonly untaken: readonly UntakenSource[];
}

/** A place that is the only one is taken without asking whether anybody listens there, as a client does. */
async function firstListening(candidates: readonly Candidate[], timeouts: Timeouts): Promise<Search> {
  let taken = candidates.length === 1 ? candidates[0] : undefined;
  const untaken: UntakenSource[] = [];
  for (const candidate of candidates) {
    const first = taken;
    if (first !== candidate) {
      const reason = first === undefined ? await whyNot(candidate, timeouts) : `${first.source} comes first`;
      taken ??= reason === undefined ? candidate : undefined;
      if (reason !== undefined) {
        untaken.push({ source: candidate.source, endpoint: formatEndpoint(candidate.endpoint), reason });
      }
    }
  }
  return { taken, untaken };
}

async function whyNot(candidate: Candidate, timeouts: Timeouts): Promise<string | undefined> {
  const error = await tryAddress(engineAddress(candidate), timeouts, {});
  return error?.attempts.map(({ reason }) => reason).join(", ");
}

function untakenSources(
  { host, context }: ConnectionOptions,
  { env }: Surroundings,
  { source: winner, config }: Resolution,
): UntakenSource[] {
  const rows: readonly (readonly [source: Source, value: string | undefined, absent: string])[] = [
    ["the option host", host, "not given"],
    ["the option context", context, "not given"],
    ["DOCKER_HOST", env["DOCKER_HOST"], env["DOCKER_HOST"] === "" ? "empty" : "not set"],
    ["DOCKER_CONTEXT", env["DOCKER_CONTEXT"], env["DOCKER_CONTEXT"] === "" ? "empty" : "not set"],
    ["currentContext", config.currentContext, `not set in ${config.path}`],
    ["the default", "the well-known sockets", ""],
  ];
  const order = rows.map(([source]) => source).indexOf(winner);
  return rows.flatMap(([source, value, absent], index) =>
    index === order
      ? []
      : [{ source, ...addressIn(source, value), reason: reasonOf(value, absent, index < order, winner) }],
  );
}

function reasonOf(value: string | undefined, absent: string, isBefore: boolean, winner: Source): string {
  if (!value) {
    return absent;
  }
  // Only the option context may stand before what decides and yet not decide.
  return isBefore ? `it names the default context, and there ${winner} decides` : `${winner} comes first`;
}

/** An address that is malformed is not shown: it may hold a password. */
function addressIn(source: Source, value: string | undefined): { endpoint?: string } {
  try {
    return source === "DOCKER_HOST" && value ? { endpoint: formatEndpoint(parseEndpoint(value, source)) } : {};
  } catch {
    return {};
  }
}
