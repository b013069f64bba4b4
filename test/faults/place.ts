import { type AddressInfo, createServer } from "node:net";
import type { DockerOptions } from "../../src/index.ts";
import type { RawServer, Script } from "../support/raw-server.ts";

/** A place where an engine may listen: nobody does at first. */
export interface Place extends AsyncDisposable {
  /** How a client finds it. */
  readonly options: DockerOptions;
  /** Listens there. */
  listen(script: Script): Promise<RawServer>;
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an address object.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
