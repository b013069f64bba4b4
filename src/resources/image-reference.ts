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
  const match =
    typeof text === "string" && /^([^@\s]+?)(?::([\w][\w.-]{0,127}))?(?:@([\w+.-]+:[0-9a-fA-F]+))?$/.exec(text);
  if (!match) {
    throw new InvalidRequestError(`An image is written name, name:tag or name@digest`, { parameter: "image" });
  }
  const [, fromImage = "", tag = "latest", digest] = match;
  return { fromImage, tag: digest ?? tag };
}
