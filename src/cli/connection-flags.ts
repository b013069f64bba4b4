import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { DockerOptions, TlsOptions } from "../index.ts";
import type { Flags, OptionTable } from "./command.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

const host = {
  type: "string",
  short: "H",
  placeholder: "ADDRESS",
  summary: "The engine's address: unix://PATH, tcp://HOST:PORT or ssh://USER@HOST",
} as const;
const context = {
  type: "string",
  short: "c",
  placeholder: "NAME",
  summary: "The context that says where the engine is",
} as const;
const config = {
  type: "string",
  placeholder: "FOLDER",
  summary: "Where config.json and the contexts are; ~/.docker by default",
} as const;
const tls = { type: "boolean", summary: "Speak TLS, whatever certificate the engine has" } as const;
const tlsverify = { type: "boolean", summary: "Speak TLS, and verify the engine's certificate" } as const;
const tlscacert = {
  type: "string",
  placeholder: "FILE",
  summary: "Who may sign the engine's certificate; ca.pem by default",
} as const;
const tlscert = {
  type: "string",
  placeholder: "FILE",
  summary: "The client's certificate; cert.pem by default",
} as const;
const tlskey = { type: "string", placeholder: "FILE", summary: "The client's key; key.pem by default" } as const;

interface ConnectionFlagTable extends OptionTable {
  readonly host: typeof host;
  readonly context: typeof context;
  readonly config: typeof config;
  readonly tls: typeof tls;
  readonly tlsverify: typeof tlsverify;
  readonly tlscacert: typeof tlscacert;
  readonly tlscert: typeof tlscert;
  readonly tlskey: typeof tlskey;
}

/** The flags that say which engine is meant, as the docker CLI has them. */
export const connectionFlags: ConnectionFlagTable = {
  host,
  context,
  config,
  tls,
  tlsverify,
  tlscacert,
  tlscert,
  tlskey,
};

/** The values of the flags that say which engine is meant. */
export type ConnectionFlags = Flags<ConnectionFlagTable>;

/**
 * What the flags say, in the client's own terms.
 *
 * @throws UsageError if a file of the TLS flags cannot be read.
 */
export async function connectionOf(flags: ConnectionFlags, env: Io["env"]): Promise<DockerOptions> {
  const { host, context, config } = flags;
  const isTlsNamed = flags.tls || flags.tlsverify || flags.tlscacert || flags.tlscert || flags.tlskey;
  // Empty as a variable in a script may be, they say nothing, as with the docker command.
  return {
    host: host || undefined,
    context: context || undefined,
    configFolder: config,
    tls: isTlsNamed ? await tlsOf(flags, env) : undefined,
  };
}

/** The docker CLI speaks TLS only if a flag or a variable says so: the names of files alone do not. */
async function tlsOf(flags: ConnectionFlags, env: Io["env"]): Promise<TlsOptions | undefined> {
  const isVerified = flags.tlsverify || Boolean(env["DOCKER_TLS_VERIFY"]);
  if (!isVerified && !flags.tls && !env["DOCKER_TLS"]) {
    return undefined;
  }
  const folder = env["DOCKER_CERT_PATH"] || flags.config || env["DOCKER_CONFIG"] || join(homedir(), ".docker");
  const [ca, cert, key] = await Promise.all([
    read(flags.tlscacert ?? join(folder, "ca.pem"), true),
    read(flags.tlscert ?? join(folder, "cert.pem"), flags.tlscert !== undefined),
    read(flags.tlskey ?? join(folder, "key.pem"), flags.tlskey !== undefined),
  ]);
  return { ca, cert, key, skipVerify: !isVerified };
}

async function read(file: string, isNeeded: boolean): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" && !isNeeded) {
      return undefined;
    }
    throw new UsageError(`the file ${file} for TLS cannot be read: ${code}`);
  }
}
