import { connect } from "node:net";
import type { Dialer } from "./dialer.ts";

/** Dials the Unix socket at `path`. */
export function unixDialer(path: string, source: string): Dialer {
  return {
    endpoint: `unix://${path}`,
    source,
    host: "localhost",
    pathPrefix: "",
    readyEvent: "connect",
    connect: () => connect({ path }),
  };
}
