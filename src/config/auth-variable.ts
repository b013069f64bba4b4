import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import { decodeAuth } from "./auths.ts";
import { isObject, type JsonObject } from "./json-file.ts";
import type { RegistryCredentials } from "./registry-credentials.ts";

/**
 * Reads `DOCKER_AUTH_CONFIG`: `{"auths": {"REGISTRY": {"auth": "…"}}}` and nothing else
 * (cli:cli/config/configfile/file.go:321-380). The docker CLI prints a warning and goes on without it if it is
 * malformed; a pull that then fails does not say why.
 *
 * @returns the credentials by registry
 * @throws InvalidRequestError if it is malformed. The message shows nothing of it.
 */
export function readAuthVariable(text: string | undefined): Readonly<Record<string, RegistryCredentials>> {
  if (!text) {
    return {};
  }
  const auths = onlyMember(parse(text), "auths") ?? {};
  if (!isObject(auths)) {
    throw malformed("auths must be an object");
  }
  return Object.fromEntries(Object.entries(auths).map(([registry, entry]) => [registry, read(registry, entry)]));
}

function read(registry: string, entry: unknown): RegistryCredentials {
  const auth = isObject(entry) ? onlyMember(entry, "auth") : undefined;
  if (typeof auth !== "string") {
    throw malformed(`the entry of ${registry} has no auth`);
  }
  const refuse = () => malformed(`the auth of ${registry} must be NAME:PASSWORD in base64`);
  return { ...decodeAuth(auth, refuse), serveraddress: registry };
}

function onlyMember(object: JsonObject, name: string): unknown {
  const others = Object.keys(object).filter((key) => key !== name);
  if (others.length > 0) {
    throw malformed(`it has members beside ${name}`);
  }
  return object[name];
}

/** The parser's own error has no place here: it shows a part of the text. */
function parse(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed("it is not JSON");
  }
  if (!isObject(value)) {
    throw malformed("it is no JSON object");
  }
  return value;
}

function malformed(fault: string): InvalidRequestError {
  const parameter = "DOCKER_AUTH_CONFIG";
  return new InvalidRequestError(`${parameter} cannot be used: ${fault}`, { parameter });
}
