import type { ContainerSummary, ImageSummary, SystemDataUsageResponse, Volume } from "../../generated/models.ts";
import type { EngineRequest } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import { isOlder } from "../http/versions.ts";
import { type Image, sizeOf } from "../state/image.ts";
import type { World } from "../state/world.ts";
import { summarizeContainer } from "./describe-container.ts";
import { summaryOf } from "./describe-image.ts";
import { describeVolume } from "./volumes.ts";

const kinds = ["container", "image", "volume", "build-cache"] as const;
type Kind = (typeof kinds)[number];

/** One kind of things, and the space that they take. */
interface Usage<T> {
  readonly ActiveCount: number;
  readonly TotalCount: number;
  readonly TotalSize: number;
  readonly Reclaimable: number;
  readonly Items: T[];
}

interface Item<T> {
  readonly described: T;
  readonly bytes: number;
  readonly active: boolean;
}

/**
 * What `GET /system/df` tells: lists before API 1.52; sums since then, with the lists too if `verbose`. The lists are
 * also where they were unless a client asks for `verbose` (moby:daemon/server/router/system/system_routes.go).
 *
 * @throws Refusal if something is asked for that there is none of.
 */
export function dataUsage({ parameters, version }: EngineRequest, world: World): SystemDataUsageResponse {
  const wanted = kindsOf(parameters["type"]);
  const images = wanted.has("image") ? imageUsage(world, version) : undefined;
  const containers = wanted.has("container") ? containerUsage(world) : undefined;
  const volumes = wanted.has("volume") ? volumeUsage(world) : undefined;
  const builds: Usage<never> | undefined = wanted.has("build-cache") ? sum([]) : undefined;
  const verbose = parameters["verbose"] === true;
  const lists: SystemDataUsageResponse = {
    ...(images && { LayersSize: images.TotalSize, Images: images.Items }),
    ...(containers && { Containers: containers.Items }),
    ...(volumes && { Volumes: volumes.Items }),
    ...(builds && { BuildCache: builds.Items }),
  };
  if (isOlder(version, "1.52")) {
    return lists;
  }
  return {
    ...(verbose ? {} : lists),
    ...(images && { ImageUsage: shown(images) }),
    ...(containers && { ContainerUsage: shown(containers) }),
    ...(volumes && { VolumeUsage: shown(volumes) }),
    ...(builds && { BuildCacheUsage: shown(builds) }),
  };
}

function kindsOf(types: unknown): Set<Kind> {
  // The parameter was read as a list of texts.
  const asked = (types ?? kinds) as readonly string[];
  const unknown = asked.find((type) => !kinds.some((kind) => kind === type));
  if (unknown !== undefined) {
    throw new Refusal(400, `unknown object type: ${unknown}`);
  }
  return new Set(kinds.filter((kind) => asked.includes(kind)));
}

function imageUsage(world: World, version: string): Usage<ImageSummary> {
  const used = new Set(world.containers.all().map(({ facts }) => facts.image.Id));
  const describe = (image: Image) => ({
    ...summaryOf(image, world, { version, sharedSize: true }),
    Containers: world.containers.all().filter(({ facts }) => facts.image.Id === image.Id).length,
  });
  return sum(
    world.images
      .all()
      .map((image) => ({ described: describe(image), bytes: sizeOf(image), active: used.has(image.Id) })),
  );
}

function containerUsage(world: World): Usage<ContainerSummary> {
  const items = world.containers.all().map((container) => {
    const described = summarizeContainer(container, world, true);
    return { described, bytes: described.SizeRw ?? 0, active: container.isRunning };
  });
  return sum(items);
}

function volumeUsage({ volumes }: World): Usage<Volume> {
  const items = volumes.all().map((volume) => {
    const bytes = volume.files.totalBytes();
    const UsageData = { RefCount: volume.users.size, Size: bytes };
    return { described: { ...describeVolume(volume), UsageData }, bytes, active: volume.users.size > 0 };
  });
  return sum(items);
}

function sum<T>(items: readonly Item<T>[]): Usage<T> {
  const active = items.filter((item) => item.active);
  const bytesOf = (some: readonly Item<T>[]) => some.reduce((bytes, item) => bytes + item.bytes, 0);
  return {
    ActiveCount: active.length,
    TotalCount: items.length,
    TotalSize: bytesOf(items),
    Reclaimable: bytesOf(items) - bytesOf(active),
    Items: items.map(({ described }) => described),
  };
}

/** The items of nothing are left out, as Go leaves out what is empty. */
function shown<T>({ Items, ...sums }: Usage<T>): Omit<Usage<T>, "Items"> & { readonly Items?: T[] } {
  return Items.length === 0 ? sums : { ...sums, Items };
}
