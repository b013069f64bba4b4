import { InvalidRequestError } from "../errors/invalid-request-error.ts";

/** An address at which an engine listens. */
export type Endpoint =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly pathPrefix: string };

/** The port that the docker CLI assumes for a plain `tcp://` address. */
const defaultPort = 2375;

/**
 * Reads an address as `DOCKER_HOST` has it: `unix:///path`, `tcp://host:port/prefix` or `http://host:port/prefix`.
 *
 * @param source where the address comes from, for messages
 * @throws InvalidRequestError if it is not an address, or names a transport that Fairlead does not have.
 */
export function parseEndpoint(address: string, source: string): Endpoint {
  const match = /^([a-z]+):\/\/(.*)$/s.exec(address);
  if (!match) {
    throw invalid(`${source} is not an engine's address: write unix:///path or tcp://host:port`, source);
  }
  const [, scheme = "", rest = ""] = match;
  switch (scheme) {
    case "unix":
      return { kind: "unix", path: socketPath(rest, source) };
    case "tcp":
    case "http":
      return parseTcp(rest, source);
    default:
      throw invalid(`Fairlead cannot reach ${scheme}:// addresses (${source}): use unix://, tcp:// or http://`, source);
  }
}

/** The address in the form in which `parseEndpoint` reads it. */
export function formatEndpoint(endpoint: Endpoint): string {
  if (endpoint.kind === "unix") {
    return `unix://${endpoint.path}`;
  }
  const host = endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host;
  return `tcp://${host}:${endpoint.port}${endpoint.pathPrefix}`;
}

function socketPath(path: string, source: string): string {
  if (!path.startsWith("/")) {
    throw invalid(`The socket's path in ${source} must be absolute: unix:///path/to/docker.sock`, source);
  }
  return path;
}

function parseTcp(rest: string, source: string): Endpoint {
  // A WHATWG URL drops user names into fields of their own, where they are refused rather than shown.
  const text = `http://${rest.startsWith(":") ? `localhost${rest}` : rest}`;
  if (!URL.canParse(text)) {
    throw invalid(`The host or the port in ${source} is malformed: write tcp://host:port`, source);
  }
  const url = new URL(text);
  if (url.username || url.password || url.search || url.hash) {
    throw invalid(`The address in ${source} may hold a host, a port and a path, nothing else`, source);
  }
  return {
    kind: "tcp",
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: explicitPort(rest) ?? defaultPort,
    pathPrefix: url.pathname.replace(/\/+$/, ""),
  };
}

/** Reads the port from the text, since a WHATWG URL hides port 80. */
function explicitPort(rest: string): number | undefined {
  const port = /^(?:\[[^\]]*\]|[^:/]*):(\d+)(?:\/|$)/.exec(rest)?.[1];
  return port === undefined ? undefined : Number(port);
}

function invalid(message: string, parameter: string): InvalidRequestError {
  return new InvalidRequestError(message, { parameter });
}
