import { access } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../errors/config-error.ts";
import { readSmallFile } from "./json-file.ts";
import type { Surroundings } from "./surroundings.ts";
import type { TlsMaterial } from "./tls.ts";

/** The names of the files, as `docker context create` and the documentation of Docker have them. */
const tlsFileNames = ["ca.pem", "cert.pem", "key.pem"] as const;

/** Which of the files are in that folder. */
export async function tlsFilesIn(folder: string): Promise<string[]> {
  const found = await Promise.all(
    tlsFileNames.map((name) =>
      access(join(folder, name)).then(
        () => name,
        () => undefined,
      ),
    ),
  );
  return found.filter((name) => name !== undefined);
}

/**
 * Reads `ca.pem`, `cert.pem` and `key.pem` of a folder, those that are there. Resolves with undefined if there are none.
 *
 * @throws ConfigError if one cannot be read, or if there is a certificate without its key or a key without it.
 */
export async function readTlsFiles(folder: string, skipVerify: boolean): Promise<TlsMaterial | undefined> {
  const [ca, cert, key] = await Promise.all(tlsFileNames.map((name) => readSmallFile(join(folder, name))));
  if ((cert === undefined) !== (key === undefined)) {
    const [there, missing] = cert === undefined ? ["key.pem", "cert.pem"] : ["cert.pem", "key.pem"];
    throw new ConfigError(`${join(folder, missing)} is missing, and ${there} is of no use without it`, folder);
  }
  return ca || cert ? { ca, cert, key, skipVerify } : undefined;
}

/** What the environment says of TLS: whether the engine's certificate is to be verified, and where the files are. */
export interface EnvironmentTls {
  readonly source: "DOCKER_TLS_VERIFY" | "DOCKER_TLS";
  readonly folder: string;
}

/** Whether the environment asks for TLS: any value but the empty one does, as in the docker CLI. */
export function environmentTls({ env }: Surroundings, configFolder: string): EnvironmentTls | undefined {
  const source = (["DOCKER_TLS_VERIFY", "DOCKER_TLS"] as const).find((name) => env[name]);
  return source && { source, folder: env["DOCKER_CERT_PATH"] || configFolder };
}

/**
 * Reads the files of the TLS that the environment asks for.
 *
 * @throws ConfigError if `ca.pem` is missing, which the docker CLI wants in any case, or a file cannot be used.
 */
export async function readEnvironmentTls({ source, folder }: EnvironmentTls): Promise<TlsMaterial> {
  const material = await readTlsFiles(folder, source === "DOCKER_TLS");
  if (material?.ca === undefined) {
    const file = join(folder, "ca.pem");
    throw new ConfigError(`${file} is missing, and ${source} asks for TLS (DOCKER_CERT_PATH says where it is)`, file);
  }
  return material;
}
