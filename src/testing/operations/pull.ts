import type { AuthConfig } from "../../generated/models.ts";
import type { EngineRequest } from "../http/handler.ts";
import { hasTag, type ImageReference, parseReference, withTag } from "../state/image-reference.ts";
import { chainIds } from "../state/layer.ts";
import type { Published } from "../state/registries.ts";
import { findPublished, takeImage } from "../state/take-image.ts";
import type { World } from "../state/world.ts";
import type { Report } from "./progress.ts";

/**
 * Begins a pull: `POST /images/create?fromImage=`.
 *
 * @throws Refusal if the name is none, the registry is not there, lets nobody in, or does not have the image.
 */
export function pull({ parameters }: EngineRequest, world: World): AsyncIterable<Report> {
  const name = String(parameters["fromImage"] ?? "");
  const tag = String(parameters["tag"] ?? "");
  const reference = tag === "" ? parseReference(name) : withTag(parseReference(name), tag);
  const wanted = findWanted(world, reference, tag !== "" || hasTag(name), parameters["registryAuth"]);
  return reportPull(world, wanted, tag === "" && !hasTag(name) ? reference.repository : reference.name);
}

/** Pulls what a build begins with. @throws as `pull` does. */
export function pullByName(world: World, name: string, credentials: unknown): AsyncIterable<Report> {
  const reference = parseReference(name);
  return reportPull(world, findWanted(world, reference, true, credentials), reference.name);
}

/** Without a tag all images of the repository are wanted. */
function findWanted(world: World, reference: ImageReference, isOne: boolean, credentials: unknown): Published[] {
  if (isOne) {
    return [findPublished(world, reference, credentialsOf(credentials))];
  }
  const registry = world.registries.find(reference.host);
  registry.check(reference, credentialsOf(credentials));
  return registry.findAll(reference);
}

async function* reportPull(world: World, wanted: readonly Published[], asked: string): AsyncGenerator<Report> {
  let isNewer = false;
  for (const published of wanted) {
    const { image, reference, digest } = published;
    yield { status: `Pulling from ${reference.path}`, id: reference.digest ?? reference.tag };
    const isHere = world.images.get(image.Id) !== undefined;
    if (!isHere) {
      yield* reportLayers(world, image);
    }
    isNewer ||= world.images.get(reference.name)?.Id !== image.Id;
    takeImage(world, published);
    yield { status: `Digest: ${digest}` };
  }
  yield { status: `Status: ${isNewer ? "Downloaded newer image" : "Image is up to date"} for ${asked}` };
}

/** All layers are announced, then downloaded, then unpacked from the lowest. */
async function* reportLayers({ images }: World, { layers }: Published["image"]): AsyncGenerator<Report> {
  const here = new Set(images.all().flatMap((image) => chainIds(image.layers)));
  const chain = chainIds(layers);
  const described = layers.map(({ diffId, tarBytes }, at) => ({
    id: diffId.slice(7, 19),
    total: tarBytes,
    isHere: here.has(chain[at] ?? ""),
  }));
  for (const { id, isHere } of described) {
    yield { status: isHere ? "Already exists" : "Pulling fs layer", progressDetail: {}, id };
  }
  const missing = described.filter(({ isHere }) => !isHere);
  for (const { id, total } of missing) {
    yield { status: "Downloading", progressDetail: { current: Math.ceil(total / 2), total }, id };
    yield { status: "Downloading", progressDetail: { current: total, total }, id };
    yield { status: "Verifying Checksum", progressDetail: {}, id };
    yield { status: "Download complete", progressDetail: {}, id };
  }
  for (const { id, total } of missing) {
    yield { status: "Extracting", progressDetail: { current: total, total }, id };
    yield { status: "Pull complete", progressDetail: {}, id };
  }
}

/** Credentials as the header has them; what is no object counts as none. */
export function credentialsOf(value: unknown): AuthConfig {
  return typeof value === "object" && value !== null ? value : {};
}
