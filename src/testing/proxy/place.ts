import type { AddressInfo } from "node:net";

/** Where an engine or a proxy listens: the path of a socket, or a host and a port. */
export type Place = { readonly path: string } | { readonly host: string; readonly port: number };

/**
 * Reads `unix:///path` or `tcp://host:port`.
 *
 * @throws TypeError if it is neither.
 */
export function placeOf(address: string): Place {
  const { protocol, hostname, port, pathname } = new URL(address);
  if (protocol === "unix:") {
    return { path: decodeURIComponent(pathname) };
  }
  if (protocol !== "tcp:" || port === "") {
    throw new TypeError(`A proxy knows unix:///path and tcp://host:port, not ${address}`);
  }
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) };
}

/** Writes where a server listens as `unix:///path` or `tcp://host:port`. */
export function addressOf(address: AddressInfo | string | null): string {
  if (typeof address !== "object" || address === null) {
    return `unix://${address}`;
  }
  const { family, address: host, port } = address;
  return `tcp://${family === "IPv6" ? `[${host}]` : host}:${port}`;
}
