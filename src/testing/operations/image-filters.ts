import type { ImageDeleteResponseItem, ImagePruneResponse } from "../../generated/models.ts";
import { Refusal, withStatus } from "../http/refusal.ts";
import { chooser, type Filters, type FilterTests, hasLabel, reading } from "../state/filters.ts";
import { globPattern } from "../state/glob.ts";
import type { Image } from "../state/image.ts";
import { chainIds } from "../state/layer.ts";
import { removeImage } from "../state/remove-image.ts";
import type { World } from "../state/world.ts";
import { momentMs } from "./moment.ts";

/**
 * Chooses images as `GET /images/json` does.
 *
 * @param all whether also the steps of builds are wanted, which have no name
 * @throws Refusal 400 for a filter that there is not.
 */
export function chooseImages(world: World, filters: unknown, all: boolean): Image[] {
  const { images } = world;
  const wantsDangling = readDangling(filters);
  const choose = chooser(withoutDangling(filters), testsIn(world));
  return images.all().filter((image) => {
    const isNamed = images.referencesOf(image).length > 0;
    const isStep = !isNamed && images.childrenOf(image).length > 0;
    return (
      choose(image) && (all || !isStep) && (wantsDangling === undefined || wantsDangling === (!isNamed && !isStep))
    );
  });
}

/** Removes what nobody needs, as `POST /images/prune` does (moby:daemon/images/image_prune.go). */
export function pruneImages(world: World, filters: unknown): ImagePruneResponse {
  const { images } = world;
  const danglingOnly = readDangling(filters) ?? true;
  const choose = chooser(withoutDangling(filters), pruneTests(world));
  const layersBefore = layerSizes(images.all());
  const wanted = images.all().filter((image) => {
    const isNamed = images.tagsOf(image).length > 0;
    return choose(image) && (isNamed ? !danglingOnly : images.childrenOf(image).length === 0);
  });
  const records = wanted.flatMap((image) => removeQuietly(world, image));
  const layersNow = layerSizes(images.all());
  const SpaceReclaimed = [...layersBefore].reduce((sum, [id, bytes]) => sum + (layersNow.has(id) ? 0 : bytes), 0);
  world.events.publish({ Type: "image", Action: "prune", ID: "", Attributes: { reclaimed: String(SpaceReclaimed) } });
  return { ImagesDeleted: records.length === 0 ? null : records, SpaceReclaimed };
}

/** What is in use stays. */
function removeQuietly(world: World, image: Image): ImageDeleteResponseItem[] {
  const names = world.images.referencesOf(image).map(({ name }) => name);
  return (names.length > 0 ? names : [image.Id]).flatMap((name) => {
    try {
      // With a tag goes the digest that was of the same repository.
      return world.images.get(name) === undefined ? [] : removeImage(world, name, {});
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    }
  });
}

function layerSizes(images: readonly Image[]): Map<string, number> {
  return new Map(
    images.flatMap(({ layers }) => {
      const chain = chainIds(layers);
      return layers.map(({ fileBytes }, at) => [chain[at] ?? "", fileBytes] as const);
    }),
  );
}

function readDangling(filters: unknown): boolean | undefined {
  const values = filtersOf(filters)["dangling"];
  const [value] = values ?? [];
  if (value === undefined) {
    return undefined;
  }
  if (!["1", "true", "0", "false"].includes(value)) {
    throw new Refusal(400, `invalid filter 'dangling=[${values?.join(" ")}]'`);
  }
  return value === "1" || value === "true";
}

function withoutDangling(filters: unknown): Filters {
  const { dangling: _, ...rest } = filtersOf(filters);
  return rest;
}

/** The parameters were read as filters, which are lists by their keys. */
function filtersOf(filters: unknown): Filters {
  return (filters ?? {}) as Filters;
}

function pruneTests({ clock }: World): FilterTests<Image> {
  return {
    label: ({ config }, value) => hasLabel(config.Labels, value),
    "label!": ({ config }, value) => !hasLabel(config.Labels, value),
    until: reading(
      // Here a moment that is none is an internal error (moby:daemon/images/images.go).
      (value) => withStatus(500, () => momentMs(value, clock.now())),
      ({ createdMs }, ms) => createdMs < ms,
    ),
  };
}

function testsIn(world: World): FilterTests<Image> {
  const { images } = world;
  return {
    ...pruneTests(world),
    before: reading(
      (value) => images.find(value),
      ({ createdMs }, other) => createdMs < other.createdMs,
    ),
    since: reading(
      (value) => images.find(value),
      ({ createdMs }, other) => createdMs > other.createdMs,
    ),
    reference: (image, value) => {
      const pattern = globPattern(value);
      const references = images.referencesOf(image);
      return references.some(({ name, repository }) => pattern.test(name) || pattern.test(repository));
    },
  };
}
