import { isIP } from "node:net";
import type { AuthConfig } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";
import type { Image } from "./image.ts";
import { hubHost, type ImageReference } from "./image-reference.ts";
import { digestOf } from "./layer.ts";
import { dockerTypes, manifestOf } from "./manifest.ts";

/** Who may use a registry: passwords by users. */
export type RegistryUsers = Readonly<Record<string, string>>;

/** An image in a registry. */
export interface Published {
  readonly image: Image;
  readonly reference: ImageReference;
  /** The digest of its manifest. */
  readonly digest: string;
  /** How long its manifest is, in bytes. */
  readonly sizeBytes: number;
}

/** One registry, which lies within the engine: no connection is made. */
export class Registry {
  readonly #host: string;
  readonly #repositories = new Map<string, Map<string, Published>>();
  #users: RegistryUsers | undefined;

  constructor(host: string) {
    this.#host = host;
  }

  /** Lets only these users in. */
  guard(users: RegistryUsers): void {
    this.#users = users;
  }

  /** Whether a user may come in: anybody may where there are no users. */
  admits({ username = "", password = "" }: AuthConfig): boolean {
    const users = this.#users;
    return users === undefined || (Object.hasOwn(users, username) && users[username] === password);
  }

  /** Checks who asks. @throws Refusal as dockerd says it, without what was sent. */
  check(reference: ImageReference, credentials: AuthConfig): void {
    if (this.admits(credentials)) {
      return;
    }
    if (this.#host === hubHost) {
      throw denied(reference);
    }
    if (!credentials.username) {
      throw new Refusal(
        500,
        `Head "${urlOf(this.#host)}/v2/${reference.path}/manifests/${targetOf(reference)}": no basic auth credentials`,
      );
    }
    throw new Refusal(401, "unauthorized: authentication required");
  }

  /** Takes an image in, in place of what has its tag. */
  publish(reference: ImageReference, image: Image): Published {
    const text = manifestOf(image, dockerTypes).text;
    const published = { image, reference, digest: digestOf(text), sizeBytes: Buffer.byteLength(text) };
    const repository = this.#repositories.get(reference.path) ?? new Map<string, Published>();
    this.#repositories.set(reference.path, repository.set(reference.tag, published));
    return published;
  }

  /** Whether any image of a repository has the layer, and so it need not be sent. */
  hasLayer({ path }: ImageReference, diffId: string): boolean {
    const there = [...(this.#repositories.get(path)?.values() ?? [])];
    return there.some(({ image }) => image.layers.some((layer) => layer.diffId === diffId));
  }

  /** @throws Refusal 404 as dockerd says it. */
  find(reference: ImageReference): Published {
    const repository = this.#repositories.get(reference.path);
    if (repository === undefined && this.#host === hubHost) {
      throw denied(reference);
    }
    const { digest } = reference;
    const published =
      digest === undefined
        ? repository?.get(reference.tag)
        : [...(repository?.values() ?? [])].find((each) => each.digest === digest);
    if (published === undefined) {
      throw new Refusal(404, `manifest for ${reference.name} not found: manifest unknown: manifest unknown`);
    }
    return published;
  }

  /** All of a repository's images. @throws Refusal 404 as dockerd says it. */
  findAll(reference: ImageReference): Published[] {
    const repository = this.#repositories.get(reference.path);
    if (repository === undefined) {
      throw this.#host === hubHost
        ? denied(reference)
        : new Refusal(
            404,
            `repository ${reference.repository} not found: name unknown: repository name not known to registry`,
          );
    }
    return [...repository.values()];
  }

  /** The repositories whose names contain a text. */
  search(text: string): ImageReference[] {
    const found = [...this.#repositories].filter(([path]) => path.includes(text));
    return found.flatMap(([, images]) => [...images.values()].slice(0, 1).map(({ reference }) => reference));
  }
}

/** The registries that an engine can reach. Docker Hub is there from the beginning, and empty. */
export class Registries {
  readonly #byHost = new Map<string, Registry>([[hubHost, new Registry(hubHost)]]);

  /** The registry at a host, which is made if it is not there. */
  open(host: string): Registry {
    const registry = this.#byHost.get(host) ?? new Registry(host);
    this.#byHost.set(host, registry);
    return registry;
  }

  /** @throws Refusal 500 for a host that has none, as dockerd says that it reaches nobody. */
  find(host: string): Registry {
    const registry = this.#byHost.get(host);
    if (registry === undefined) {
      const name = host.replace(/:\d+$/, "");
      const reason = isIP(name)
        ? `dial tcp ${host === name ? `${host}:443` : host}: connect: connection refused`
        : `dial tcp: lookup ${name}: no such host`;
      throw new Refusal(500, `Get "${urlOf(host)}/v2/": ${reason}`);
    }
    return registry;
  }
}

/** What Docker Hub says of a repository that is not there, or not for everybody. */
function denied({ repository }: ImageReference): Refusal {
  return new Refusal(
    404,
    `pull access denied for ${repository}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
  );
}

/** Registries on the loopback are asked without TLS. */
function urlOf(host: string): string {
  return /^(localhost|127\.)/.test(host)
    ? `http://${host}`
    : `https://${host === hubHost ? `registry-1.${hubHost}` : host}`;
}

function targetOf({ tag, digest }: ImageReference): string {
  return digest ?? tag;
}
