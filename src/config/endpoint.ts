import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import type { TlsMaterial } from "./tls.ts";

/** An address at which an engine listens. */
export type Endpoint =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "npipe"; readonly path: string }
  | {
      readonly kind: "tcp";
      readonly host: string;
      readonly port: number;
      readonly pathPrefix: string;
      /** Present if the engine is spoken to with TLS. */
      readonly tls?: TlsMaterial;
    }
  | {
      readonly kind: "ssh";
      readonly user?: string;
      readonly host: string;
      readonly port?: number;
      /** The socket on the other side, if not the one that `docker` there takes by itself. */
      readonly path?: string;
    };

/** What stands for a missing part of an address, as in the docker CLI (cli:opts/hosts.go:13-36). */
const defaults = {
  unix: "/var/run/docker.sock",
  npipe: "//./pipe/docker_engine",
  host: "localhost",
  port: 2375,
  tlsPort: 2376,
} as const;

/** Where the docker CLI looks for an engine if nothing else is said: a named pipe on Windows, else a Unix socket. */
export function defaultEndpoint(platform: string): Endpoint {
  return platform === "win32" ? { kind: "npipe", path: defaults.npipe } : { kind: "unix", path: defaults.unix };
}

/** Where the docker CLI looks for an engine if TLS is asked for and nothing else is said. */
export const defaultTlsAddress: string = `tcp://${defaults.host}:${defaults.tlsPort}`;

/**
 * Reads an address as `DOCKER_HOST` has it: `unix:///path`, `tcp://host:port/prefix`, `ssh://user@host:port/socket`,
 * `npipe:////./pipe/name`, or `host:port` for TCP. `http://` is TCP as well, and `https://` is TCP with TLS.
 *
 * @param source where the address comes from, for messages
 * @throws InvalidRequestError if it is not an address, or names a transport that Fairlead does not have.
 */
export function parseEndpoint(address: string, source: string): Endpoint {
  const [, scheme = "tcp", rest = ""] = /^(?:([a-z]+):\/\/)?(.*)$/s.exec(address.trim()) ?? [];
  if (rest === address.trim() && (rest === "" || rest.startsWith("/") || rest.includes("://"))) {
    throw invalid(`${source} is not an engine's address: write unix:///path, tcp://host:port or ssh://host`, source);
  }
  switch (scheme) {
    case "unix":
      return { kind: "unix", path: socketPath(rest || defaults.unix, source) };
    case "npipe":
      return { kind: "npipe", path: pipePath(rest || defaults.npipe, source) };
    case "tcp":
    case "http":
      return parseTcp(rest, defaults.port, source);
    case "https":
      return { ...parseTcp(rest, defaults.tlsPort, source), tls: { skipVerify: false } };
    case "ssh":
      return parseSsh(rest, source);
    default:
      throw invalid(`Fairlead cannot reach ${scheme}:// addresses (${source}): use unix, tcp, ssh or npipe`, source);
  }
}

/** The address in the form in which `parseEndpoint` reads it. TLS does not show. */
export function formatEndpoint(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case "unix":
    case "npipe":
      return `${endpoint.kind}://${endpoint.path}`;
    case "tcp":
      return `tcp://${bracketed(endpoint.host)}:${endpoint.port}${endpoint.pathPrefix}`;
    case "ssh": {
      const { user, host, port, path = "" } = endpoint;
      const login = user === undefined ? "" : `${encodeURIComponent(user)}@`;
      const escapedPath = path.split("/").map(encodeURIComponent).join("/");
      return `ssh://${login}${bracketed(host)}${port === undefined ? "" : `:${port}`}${escapedPath}`;
    }
    default:
      return endpoint satisfies never;
  }
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host.replace("%", "%25")}]` : host;
}

function socketPath(path: string, source: string): string {
  if (!path.startsWith("/") || path.includes("\0")) {
    throw invalid(`The socket's path in ${source} must be absolute: unix:///path/to/docker.sock`, source);
  }
  return path;
}

function pipePath(path: string, source: string): string {
  if (!/^(\/\/|\\\\)[^/\\]+[/\\]pipe[/\\][^\0]+$/.test(path)) {
    throw invalid(`The pipe's path in ${source} is malformed: write npipe:////./pipe/docker_engine`, source);
  }
  return path;
}

function parseTcp(rest: string, defaultPort: number, source: string): Endpoint & { kind: "tcp" } {
  const { user, host, port, path } = parseAuthority(rest, source);
  if (user !== undefined) {
    throw invalid(`The address in ${source} may hold a host, a port and a path, nothing else`, source);
  }
  const pathPrefix = path.replace(/\/+$/, "");
  return { kind: "tcp", host: host || defaults.host, port: port ?? defaultPort, pathPrefix };
}

function parseSsh(rest: string, source: string): Endpoint {
  const { user, host, port, path } = parseAuthority(rest, source);
  // What begins with a dash would be an option of ssh's.
  if (host === "" || host.startsWith("-") || user?.startsWith("-") || user === "") {
    throw invalid(`The host or the user in ${source} is malformed: write ssh://user@host:port`, source);
  }
  return {
    kind: "ssh",
    ...(user !== undefined && { user }),
    host,
    ...(port !== undefined && { port }),
    ...(path.replaceAll("/", "") !== "" && { path: decode(path, source) }),
  };
}

interface Authority {
  readonly user: string | undefined;
  /** Empty if there is none. */
  readonly host: string;
  readonly port: number | undefined;
  /** Percent-encoded; empty if there is none. */
  readonly path: string;
}

const authority = /^(?:([^@/?#]*)@)?(?:\[([^\]%]*)(?:%25([\w.~-]+))?\]|([^:/?#@[\]%\\\s]*))(?::(\d*))?(\/[^?#]*)?$/s;

/** Takes `user@host:port/path` apart. A password, a query and a fragment are refused, and never shown. */
function parseAuthority(rest: string, source: string): Authority {
  if (/[?#]|^[^/]*:[^/]*@/.test(rest)) {
    throw invalid(`The address in ${source} may hold a host, a port and a path, nothing else`, source);
  }
  const [match, user, ipv6, zone, name = "", port, path = ""] = authority.exec(rest) ?? [];
  const host = ipv6 === undefined ? name : `[${ipv6}]`;
  // The parser of URLs checks names, IP addresses and ports, and escapes what must be in a path.
  const text = `http://${host || defaults.host}:${port || 80}${path}`;
  if (match === undefined || !URL.canParse(text)) {
    throw invalid(`The host or the port in ${source} is malformed: write tcp://host:port`, source);
  }
  const { hostname, pathname } = new URL(text);
  return {
    user: user && decode(user, source),
    // A name stays as it is written: ssh's configuration knows upper and lower case.
    host: ipv6 === undefined ? name : hostname.slice(1, -1) + (zone === undefined ? "" : `%${zone}`),
    port: port ? Number(port) : undefined,
    path: path && pathname,
  };
}

function decode(text: string, source: string): string {
  try {
    const decoded = decodeURIComponent(text);
    if (!decoded.includes("\0")) {
      return decoded;
    }
  } catch {
    // It is refused like a zero byte.
  }
  throw invalid(`The address in ${source} has a % that stands for no character`, source);
}

function invalid(message: string, parameter: string): InvalidRequestError {
  return new InvalidRequestError(message, { parameter });
}
