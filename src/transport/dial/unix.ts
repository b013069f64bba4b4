import { connect } from "node:net";
import type { Address, Dialer } from "./dialer.ts";

/** A Unix socket. */
export interface UnixAddress extends Address {
  readonly path: string;
}

/** Dials a Unix socket. */
export function unixDialer({ path, address, source }: UnixAddress): Dialer {
  return {
    endpoint: address,
    source,
    host: "localhost",
    pathPrefix: "",
    readyEvent: "connect",
    connect: () => connect({ path }),
  };
}
