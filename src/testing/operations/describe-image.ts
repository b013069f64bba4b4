import type { ImageHistoryResponseItem, ImageInspect, ImageSummary } from "../../generated/models.ts";
import { isOlder } from "../http/versions.ts";
import { fullConfig, type Image, sizeOf } from "../state/image.ts";
import { chainIds } from "../state/layer.ts";
import { goTime, neverTime } from "../state/timestamps.ts";
import type { World } from "../state/world.ts";

/** An image as `GET /images/{name}/json` tells it. */
export function inspectImage(image: Image, { images }: World, version: string): ImageInspect {
  const taggedMs = images.taggedMsOf(image);
  const Size = sizeOf(image);
  const answer = {
    Id: image.Id,
    RepoTags: images.tagsOf(image),
    RepoDigests: images.digestsOf(image),
    Parent: parentOf(image, images),
    Comment: image.comment ?? "",
    Created: goTime(image.createdMs),
    DockerVersion: "",
    Author: image.author ?? "",
    Architecture: "amd64",
    Os: "linux",
    Size,
    ...(isOlder(version, "1.44") ? { VirtualSize: Size } : {}),
    ...(isOlder(version, "1.45") ? { Container: "", ContainerConfig: fullConfig({}) } : {}),
    GraphDriver: { Name: "overlay2", Data: {} },
    RootFS: { Type: "layers", Layers: image.layers.map(({ diffId }) => diffId) },
    Metadata: { LastTagTime: taggedMs === undefined ? neverTime : goTime(taggedMs) },
    Config: fullConfig(image.config),
  };
  return answer;
}

/** The steps in which an image was made, the last one first, as `GET /images/{name}/history` tells them. */
export function historyOf(image: Image, { images }: World): ImageHistoryResponseItem[] {
  const layers = [...image.layers];
  const sizes = image.history.map(({ emptyLayer }) => (emptyLayer ? 0 : (layers.shift()?.fileBytes ?? 0)));
  let step: Image | undefined = image;
  return image.history
    .map(({ createdMs, createdBy, comment }, index) => ({ createdMs, createdBy, comment, Size: sizes[index] ?? 0 }))
    .reverse()
    .map(({ createdMs, createdBy, comment, Size }) => {
      const here = step;
      step = here?.parent === undefined ? undefined : images.get(here.parent);
      const tags = here === undefined ? [] : images.tagsOf(here);
      return {
        Comment: comment,
        Created: Math.floor(createdMs / 1000),
        CreatedBy: createdBy,
        Id: here?.Id ?? "<missing>",
        Size,
        Tags: tags.length === 0 ? null : tags,
      };
    });
}

/** What of a list's items is asked for. */
interface SummaryOptions {
  readonly version: string;
  readonly sharedSize: boolean;
}

/** An image as `GET /images/json` lists it. */
export function summaryOf(image: Image, world: World, { version, sharedSize }: SummaryOptions): ImageSummary {
  const { images, containers } = world;
  const Size = sizeOf(image);
  const users = containers.all().filter(({ facts }) => facts.image.Id === image.Id);
  return {
    Containers: isOlder(version, "1.51") ? -1 : users.length,
    Created: Math.floor(image.createdMs / 1000),
    Id: image.Id,
    Labels: image.config.Labels ?? null,
    ParentId: parentOf(image, images),
    RepoDigests: images.digestsOf(image),
    RepoTags: images.tagsOf(image),
    SharedSize: sharedSize ? sharedBytes(image, images.all()) : -1,
    Size,
    ...(isOlder(version, "1.44") ? { VirtualSize: Size } : {}),
  };
}

function parentOf({ parent }: Image, images: World["images"]): string {
  return parent !== undefined && images.get(parent) !== undefined ? parent : "";
}

function sharedBytes(image: Image, all: readonly Image[]): number {
  const others = new Set(all.filter(({ Id }) => Id !== image.Id).flatMap(({ layers }) => chainIds(layers)));
  const chain = chainIds(image.layers);
  return image.layers.reduce((bytes, { fileBytes }, at) => bytes + (others.has(chain[at] ?? "") ? fileBytes : 0), 0);
}
