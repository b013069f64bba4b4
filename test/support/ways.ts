import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Duplex, PassThrough } from "node:stream";
import type { DockerOptions } from "../../src/index.ts";
import type { TestEngine } from "./engines.ts";

const {
  FAIRLEAD_TEST_TLS = "",
  FAIRLEAD_TEST_TLS_CERTS = "",
  FAIRLEAD_TEST_SSH = "",
  FAIRLEAD_TEST_SSH_CONFIG: sshConfig = "",
  FAIRLEAD_TEST_WAY: onlyWay,
} = process.env;

/** The `tcp://` addresses that want TLS, by the engine's name. */
export const tlsHosts: ReadonlyMap<string, string> = pairsOf(FAIRLEAD_TEST_TLS);

/** The folders of `ca.pem`, `ca-key.pem`, `cert.pem` and `key.pem` for those, by the engine's name. */
export const tlsFolders: ReadonlyMap<string, string> = pairsOf(FAIRLEAD_TEST_TLS_CERTS);

/** The `ssh://` addresses, by the engine's name. */
export const sshHosts: ReadonlyMap<string, string> = pairsOf(FAIRLEAD_TEST_SSH);

function pairsOf(list: string): ReadonlyMap<string, string> {
  const entries = list.split(/[\s,]+/).filter((entry) => entry !== "");
  return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]));
}

const plainSsh = `#!/bin/sh\nexec /usr/bin/ssh -F "\${0%/*}/config" "$@"\n`;

/** A folder for the sockets of shared logins, in which the system's ssh has the configuration of the tests. */
export class SshHome implements AsyncDisposable {
  readonly folder: string;
  readonly #before = { PATH: process.env["PATH"], TMPDIR: process.env["TMPDIR"] };

  private constructor(folder: string) {
    this.folder = folder;
    Object.assign(process.env, { PATH: `${folder}${delimiter}${this.#before.PATH}`, TMPDIR: folder });
  }

  /** Makes `ssh` mean the script: the system's ssh, with these lines before the tests' configuration. */
  static async make(lines: string = "", script: string = plainSsh): Promise<SshHome> {
    const folder = await mkdtemp(join(tmpdir(), "fl-"));
    await writeFile(join(folder, "config"), `${lines}\nHost *\nInclude ${sshConfig}\n`);
    await writeFile(join(folder, "ssh"), script, { mode: 0o755 });
    return new SshHome(folder);
  }

  /** The sockets of logins that live. */
  async sockets(): Promise<string[]> {
    return (await readdir(this.folder)).filter((name) => name.startsWith("fairlead-"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [name, value] of Object.entries(this.#before)) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
    await rm(this.folder, { recursive: true });
  }
}

/** A way on which a client reaches an engine. */
export interface Way {
  readonly name: "unix" | "tcp" | "tls" | "ssh" | "custom";
  /** Makes the way ready. */
  open(): Promise<DockerOptions & AsyncDisposable>;
}

/** The ways that there are to an engine of the tests; if `FAIRLEAD_TEST_WAY` names one, that one alone. */
export function waysTo({ name, host }: TestEngine): readonly Way[] {
  const tls = tlsHosts.get(name);
  const ssh = sshHosts.get(name);
  const ways: Way[] = [
    { name: "unix", open: async () => ({ host, ...nothing }) },
    { name: "tcp", open: () => openRelay(host) },
    { name: "custom", open: async () => ({ host: "tunnel", dial: () => tunnelTo(host), ...nothing }) },
  ];
  if (tls !== undefined) {
    ways.push({ name: "tls", open: async () => ({ host: tls, tls: await pemsIn(name), ...nothing }) });
  }
  if (ssh !== undefined) {
    ways.push({ name: "ssh", open: () => openSsh(ssh) });
  }
  return onlyWay === undefined ? ways : ways.filter(({ name: way }) => way === onlyWay);
}

const nothing: AsyncDisposable = { [Symbol.asyncDispose]: async () => {} };

/** What a client needs to speak TLS to that engine of the tests. */
export async function pemsIn(name: string): Promise<{ ca: string; cert: string; key: string }> {
  const folder = tlsFolders.get(name) ?? "";
  const [ca = "", cert = "", key = ""] = await Promise.all(
    ["ca.pem", "cert.pem", "key.pem"].map((file) => readFile(join(folder, file), "utf8")),
  );
  return { ca, cert, key };
}

async function openSsh(host: string): Promise<DockerOptions & AsyncDisposable> {
  const home = await SshHome.make();
  return { host, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

/** A port of this machine that leads to the engine. */
async function openRelay(host: string): Promise<DockerOptions & AsyncDisposable> {
  const clients = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    clients.add(client);
    const engine = connect({ path: pathOf(host), allowHalfOpen: true });
    client.pipe(engine).pipe(client);
    for (const side of [client, engine]) {
      side.unref(); // what the client under test leaves open is seen on its own side
    }
    client.on("error", () => engine.destroy()).on("close", () => engine.destroy());
    engine.on("error", () => client.destroy()).on("close", () => client.destroySoon());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has an address object.
  const { port } = server.address() as AddressInfo;
  return {
    host: `tcp://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) {
        client.destroy();
      }
      server.close();
      await once(server, "close");
    },
  };
}

/** A two-way stream to the engine that is no socket. */
function tunnelTo(host: string): Duplex {
  const socket = connect({ path: pathOf(host), allowHalfOpen: true });
  const [readable, writable] = [new PassThrough(), new PassThrough()];
  writable.pipe(socket).pipe(readable);
  const tunnel = Duplex.from({ readable, writable });
  tunnel.on("close", () => socket.destroy());
  socket.on("error", (error) => tunnel.destroy(error));
  return Object.assign(tunnel, { ref: () => socket.ref(), unref: () => socket.unref() });
}

function pathOf(host: string): string {
  return host.slice("unix://".length);
}
