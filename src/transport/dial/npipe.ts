import { connect } from "node:net";
import type { Address, Dialer } from "./dialer.ts";

/** A named pipe of Windows. */
export interface NpipeAddress extends Address {
  /** `//./pipe/docker_engine`, with slashes of either kind. */
  readonly path: string;
}

/** Dials a named pipe of Windows. */
export function npipeDialer({ path, address, source }: NpipeAddress): Dialer {
  const pipe = path.replaceAll("/", "\\");
  return {
    endpoint: address,
    source,
    host: "localhost",
    pathPrefix: "",
    readyEvent: "connect",
    connect: () => connect({ path: pipe }),
  };
}
