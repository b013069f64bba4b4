/** Under this name the docker CLI keeps the credentials of Docker Hub (cli:cli/command/registry.go:36). */
export const dockerHubKey = "https://index.docker.io/v1/";

/**
 * The name under which the credentials for an image, a plugin or a search term are kept: the registry that it begins
 * with, or Docker Hub's name. What comes before the first slash is a registry if it has a dot, a colon or an upper case
 * letter in it, or is `localhost`.
 */
export function registryKeyOf(reference: string): string {
  const slash = reference.indexOf("/");
  const first = slash === -1 ? "" : reference.slice(0, slash);
  const isRegistry = /[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first;
  return isRegistry ? registryKey(first) : dockerHubKey;
}

/** The name under which the credentials for a registry are kept, of its host or of a URL. */
export function registryKey(address: string): string {
  const host = address === dockerHubKey ? "docker.io" : registryHost(address);
  return host === "docker.io" || host === "index.docker.io" ? dockerHubKey : host;
}

/** The host, with its port, of a registry's address: older clients kept credentials by URL. */
export function registryHost(address: string): string {
  const [host = ""] = address.replace(/^https?:\/\//, "").split("/");
  return host;
}
