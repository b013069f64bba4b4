import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type TLSSocket } from "node:tls";
import { type Certificate, issue, makeAuthority } from "../support/certificates.ts";
import { RawServer } from "../support/raw-server.ts";
import { freePort, type Place } from "./place.ts";

/** The certificates of all places, made once. */
let certificates: Promise<{ readonly authority: Certificate; readonly own: Certificate }> | undefined;

/** A place behind TLS: a server of Node's passes on what it decrypts. */
export async function openTls(): Promise<Place> {
  certificates ??= makeCertificates();
  const { authority, own } = await certificates;
  const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), "fairlead-"))];
  const path = join(folder, "engine.sock");
  const front = createServer({ ...own, allowHalfOpen: true }, (client) => relay(client, path));
  return {
    options: { host: `tcp://127.0.0.1:${port}`, tls: { ca: authority.cert } },
    listen: async (script) => {
      await new Promise<void>((resolve) => front.listen(port, "127.0.0.1", resolve));
      return RawServer.listen("unix", script, path);
    },
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => front.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

async function makeCertificates(): Promise<{ authority: Certificate; own: Certificate }> {
  const authority = await makeAuthority();
  return { authority, own: await issue(authority) };
}

function relay(client: TLSSocket, path: string): void {
  const engine = connect({ path, allowHalfOpen: true });
  client.pipe(engine).pipe(client);
  client.on("error", () => engine.destroy()).on("close", () => engine.destroy());
  engine.on("error", () => client.destroy()).on("close", () => client.destroySoon());
}
