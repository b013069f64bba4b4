import type { AuthConfig } from "../../generated/models.ts";
import { type ImageReference, withTag } from "./image-reference.ts";
import type { Published } from "./registries.ts";
import type { World } from "./world.ts";

/** @throws Refusal if the registry is not there, lets nobody in, or does not have the image. */
export function findPublished({ registries }: World, reference: ImageReference, credentials: AuthConfig): Published {
  const registry = registries.find(reference.host);
  registry.check(reference, credentials);
  const published = registry.find(reference);
  // A pull by digest gives no tag.
  return reference.digest === undefined ? published : { ...published, reference };
}

/** Makes an image of a registry one of the engine, and tells of it. */
export function takeImage({ images, events }: World, { image, reference, digest }: Published): void {
  images.add(image, reference);
  images.name(image, withTag(reference, digest));
  const { Id, config } = image;
  events.publish({
    Type: "image",
    Action: "pull",
    ID: reference.name,
    Attributes: { ...config.Labels, name: reference.repository || Id },
  });
}
