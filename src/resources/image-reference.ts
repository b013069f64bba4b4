import { InvalidRequestError } from "../errors/invalid-request-error.ts";

/** An image's name, taken apart as `images/create` wants it. */
export interface ImageReference {
  readonly fromImage: string;
  /** A tag, or a digest such as `sha256:…`. */
  readonly tag: string;
}

/**
 * Takes `alpine`, `alpine:3`, `host:5000/team/app:1` or `app@sha256:…` apart. A name without tag and digest means
 * `latest`: without a tag the daemon would pull every tag there is (moby:api/swagger.yaml:10115).
 *
 * @throws InvalidRequestError if the text is not an image's name.
 */
export function parseImageReference(text: string): ImageReference {
  const match = typeof text === "string" && !isImageId(text) && pattern.exec(text);
  if (!match) {
    throw new InvalidRequestError("An image to pull is written name, name:tag or name@digest", { parameter: "image" });
  }
  const [, fromImage = "", tag = "latest", digest] = match;
  return { fromImage, tag: digest ?? tag };
}

/** A name, which may begin with a registry and its port; a tag; a digest. */
const pattern = /^([^@\s:](?:[^@\s]*?[^@\s:])?)(?::(\w[\w.-]{0,127}))?(?:@([\w+.-]+:[0-9a-fA-F]+))?$/;

/** An id names an image of the engine and none of a registry. */
function isImageId(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}
