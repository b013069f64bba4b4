import { registryHost } from "../registry-name.ts";
import { isObject, type JsonObject, member } from "./json-file.ts";
import type { RegistryCredentials } from "./registry-credentials.ts";

/** Makes the error for an entry of that registry that cannot be read. */
export type RefuseEntry = (registry: string) => Error;

/**
 * The credentials of a registry among the `auths` of `config.json`: under its name, or else under a URL of its host, as
 * older clients wrote it. Undefined if there are none.
 *
 * @throws what `refuse` makes if the entry is malformed.
 */
export function findAuth(auths: JsonObject, registry: string, refuse: RefuseEntry): RegistryCredentials | undefined {
  const key = Object.hasOwn(auths, registry)
    ? registry
    : Object.keys(auths).find((other) => registryHost(other) === registry);
  return key === undefined ? undefined : readAuth(auths[key], key, refuse);
}

/**
 * All credentials of `auths`, by the names that stand there.
 *
 * @throws what `refuse` makes if an entry is malformed.
 */
export function allAuths(auths: JsonObject, refuse: RefuseEntry): Readonly<Record<string, RegistryCredentials>> {
  const entries = Object.entries(auths).map(([key, entry]) => [key, readAuth(entry, key, refuse)] as const);
  return Object.fromEntries(entries.flatMap(([key, auth]) => (auth === undefined ? [] : [[key, auth]])));
}

/** An entry of `auths`, as the docker CLI writes it. */
export function writtenAuth({ username = "", password = "", identitytoken }: RegistryCredentials): JsonObject {
  const auth = username === "" && password === "" ? "" : Buffer.from(`${username}:${password}`).toString("base64");
  return { ...(auth && { auth }), ...(identitytoken && { identitytoken }) };
}

/** Undefined for an empty entry: a credential helper has these credentials. */
function readAuth(entry: unknown, registry: string, refuse: RefuseEntry): RegistryCredentials | undefined {
  if (!isObject(entry)) {
    throw refuse(registry);
  }
  const [auth, username, password, identitytoken, registrytoken] = names.map((name) => {
    const value = member(entry, name);
    if (value !== undefined && typeof value !== "string") {
      throw refuse(registry);
    }
    return value || undefined;
  });
  const found = { username, password, ...(auth && decodeAuth(auth, () => refuse(registry))) };
  const has = found.username ?? found.password ?? identitytoken ?? registrytoken;
  return has === undefined ? undefined : { ...found, identitytoken, registrytoken, serveraddress: registry };
}

const names = ["auth", "username", "password", "identitytoken", "registrytoken"] as const;

/**
 * Decodes `user:password` in standard base64, which some tools pad with NULs (cli:cli/config/configfile/file.go:284-317).
 *
 * @throws what `refuse` makes if it is something else.
 */
export function decodeAuth(auth: string, refuse: () => Error): { username: string; password: string } {
  const bytes = Buffer.from(auth, "base64");
  const text = bytes.toString("utf8");
  const colon = text.indexOf(":");
  // Node takes what is no base64 for the end of it.
  if (colon < 1 || bytes.toString("base64") !== auth.replace(/[\r\n]/g, "")) {
    throw refuse();
  }
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/^\0+|\0+$/g, "") };
}
