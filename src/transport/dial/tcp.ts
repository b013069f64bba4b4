import { connect } from "node:net";
import type { Address, Dialer } from "./dialer.ts";

/** A TCP port. */
export interface TcpAddress extends Address {
  /** A name or an IP address; an IPv6 address stands without brackets. */
  readonly host: string;
  readonly port: number;
  /** What precedes every request's path: empty, or like `/engine` without a trailing slash. */
  readonly pathPrefix: string;
}

/** How long a TCP connection may be silent before it is probed; as in the Go client (moby:client/hijack.go:60). */
export const tcpKeepAliveMs = 30_000;

/** Dials plain TCP, with keep-alive probes every 30 s and without Nagle's delay. */
export function tcpDialer({ host, port, pathPrefix, address, source }: TcpAddress): Dialer {
  return {
    endpoint: address,
    source,
    host: `${host.includes(":") ? `[${host}]` : host}:${port}`,
    pathPrefix,
    readyEvent: "connect",
    connect: () => connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: tcpKeepAliveMs }),
  };
}
