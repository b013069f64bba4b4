import type { EngineRequest } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import type { Image } from "../state/image.ts";
import { type ImageReference, parseReference, withTag } from "../state/image-reference.ts";
import type { Registry } from "../state/registries.ts";
import type { World } from "../state/world.ts";
import type { Report } from "./progress.ts";
import { credentialsOf } from "./pull.ts";

/** Begins a push: `POST /images/{name}/push`. Without a tag all tags of the repository are pushed. */
export function push({ path, parameters }: EngineRequest, world: World): AsyncIterable<Report> {
  const tag = String(parameters["tag"] ?? "");
  const named = parseReference(path["name"] ?? "");
  if (named.digest !== undefined) {
    throw new Refusal(400, "cannot push a digest reference");
  }
  const reference = tag === "" ? named : withTag(named, tag);
  return report(world, reference, tag === "", parameters["registryAuth"]);
}

async function* report(
  world: World,
  reference: ImageReference,
  isAll: boolean,
  credentials: unknown,
): AsyncGenerator<Report> {
  const { host, path, repository } = reference;
  yield { status: `The push refers to repository [${host}/${path}]` };
  const wanted = isAll ? tagsIn(world, repository) : [reference];
  const found = wanted.flatMap((each) => {
    const image = world.images.get(each.name);
    return image === undefined ? [] : [{ image, each }];
  });
  if (found.length === 0) {
    throw new Error(`An image does not exist locally with the tag: ${repository}`);
  }
  for (const { image, each } of found) {
    yield* pushOne(world, image, each, credentials);
  }
}

function tagsIn({ images }: World, repository: string): ImageReference[] {
  const all = images.all().flatMap((image) => images.referencesOf(image));
  return all.filter((each) => each.repository === repository && each.digest === undefined);
}

async function* pushOne(
  world: World,
  image: Image,
  reference: ImageReference,
  credentials: unknown,
): AsyncGenerator<Report> {
  const registry = world.registries.find(reference.host);
  const layers = [...image.layers].reverse();
  for (const { diffId } of layers) {
    yield { status: "Preparing", progressDetail: {}, id: diffId.slice(7, 19) };
  }
  checkPush(registry, reference, credentials);
  for (const { diffId, tarBytes: total } of layers) {
    const id = diffId.slice(7, 19);
    if (registry.hasLayer(reference, diffId)) {
      yield { status: "Layer already exists", progressDetail: {}, id };
      continue;
    }
    yield { status: "Pushing", progressDetail: { current: Math.ceil(total / 2), total }, id };
    yield { status: "Pushing", progressDetail: { current: total, total }, id };
    yield { status: "Pushed", progressDetail: {}, id };
  }
  const { digest, sizeBytes } = registry.publish(reference, image);
  world.images.name(image, withTag(reference, digest));
  const Attributes = { ...image.config.Labels, name: reference.repository };
  world.events.publish({ Type: "image", Action: "push", ID: reference.name, Attributes });
  yield { status: `${reference.tag}: digest: ${digest} size: ${sizeBytes}` };
  yield { progressDetail: {}, aux: { Tag: reference.tag, Digest: digest, Size: sizeBytes } };
}

/** A push says less of who is refused than a pull does. */
function checkPush(registry: Registry, { host }: ImageReference, value: unknown): void {
  const credentials = credentialsOf(value);
  if (registry.admits(credentials)) {
    return;
  }
  const isHub = host === "docker.io";
  const wanting = credentials.username ? "unauthorized: authentication required" : "no basic auth credentials";
  throw new Error(isHub ? "push access denied: denied: requested access to the resource is denied" : wanting);
}
