import { connect } from "node:net";
import type { Dialer } from "./dialer.ts";

/** Where a TCP dialer connects to. */
export interface TcpAddress {
  /** A name or an IP address; an IPv6 address stands without brackets. */
  readonly host: string;
  readonly port: number;
  /** What precedes every request's path, without a trailing slash. Empty by default. */
  readonly pathPrefix?: string | undefined;
}

/** How long a TCP connection may be silent before the system probes it, as the Go client does (moby:client/hijack.go:60). */
export const tcpKeepAliveMs = 30_000;

/** Dials plain TCP, with keep-alive probes every 30 s and without Nagle's delay. */
export function tcpDialer({ host, port, pathPrefix = "" }: TcpAddress, source: string): Dialer {
  const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    endpoint: `tcp://${authority}${pathPrefix}`,
    source,
    host: authority,
    pathPrefix,
    readyEvent: "connect",
    connect: () => connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: tcpKeepAliveMs }),
  };
}
