import { Refusal } from "../http/refusal.ts";

/** The name of an image, taken apart. */
export interface ImageReference {
  /** The registry's host, e.g. `docker.io`. */
  readonly host: string;
  /** The repository within the registry, e.g. `library/busybox`. */
  readonly path: string;
  /** Host and path as people write them, e.g. `busybox`. */
  readonly repository: string;
  /** `latest` if neither a tag nor a digest is given. */
  readonly tag: string;
  /** `sha256:` and 64 digits, if the name has a digest. */
  readonly digest: string | undefined;
  /** The whole name as people write it: `busybox:latest`, or with its digest. */
  readonly name: string;
}

/** The registry of a name without one (distribution/reference:normalize.go). */
export const hubHost = "docker.io";
const hubFolder = "library/";

const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;

/**
 * Reads the name of an image.
 *
 * @throws Refusal 400 in dockerd's words if it is none.
 */
export function parseReference(text: string): ImageReference {
  const [, rest = "", digest] = /^([^@]*)(?:@(.*))?$/.exec(text) ?? [];
  const colon = rest.indexOf(":", rest.lastIndexOf("/") + 1);
  const given = colon < 0 ? undefined : rest.slice(colon + 1);
  const { host, path } = splitHost(colon < 0 ? rest : rest.slice(0, colon));
  if (path !== path.toLowerCase()) {
    throw new Refusal(400, `invalid reference format: repository name (${path}) must be lowercase`);
  }
  if (!repositoryPattern.test(path) || !isFine(given, tagPattern) || !isFine(digest, digestPattern)) {
    throw new Refusal(400, "invalid reference format");
  }
  return referenceOf(host, path, given ?? "latest", digest);
}

/** The same reference with another tag, or with a digest. @throws Refusal 400 if the tag is none. */
export function withTag({ host, path }: ImageReference, tag: string): ImageReference {
  if (digestPattern.test(tag)) {
    return referenceOf(host, path, "latest", tag);
  }
  if (!tagPattern.test(tag)) {
    throw new Refusal(400, "invalid tag format");
  }
  return referenceOf(host, path, tag, undefined);
}

/** Whether a text names a tag or a digest, or leaves the tag out. */
export function hasTag(text: string): boolean {
  return text.includes("@") || text.includes(":", text.lastIndexOf("/") + 1);
}

function referenceOf(host: string, path: string, tag: string, digest: string | undefined): ImageReference {
  const short = path.startsWith(hubFolder) ? path.slice(hubFolder.length) : path;
  const repository = host === hubHost ? short : `${host}/${path}`;
  return {
    host,
    path,
    repository,
    tag,
    digest,
    name: `${repository}${digest === undefined ? `:${tag}` : `@${digest}`}`,
  };
}

/** What stands before the first slash is a host if it looks like one. */
function splitHost(name: string): Pick<ImageReference, "host" | "path"> {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = slash > 0 && (/[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase());
  const path = isHost ? name.slice(slash + 1) : name;
  const host = isHost && first !== "index.docker.io" ? first : hubHost;
  return { host, path: host === hubHost && !path.includes("/") ? `${hubFolder}${path}` : path };
}

function isFine(text: string | undefined, pattern: RegExp): boolean {
  return text === undefined || pattern.test(text);
}
