import type { Handlers } from "../http/handler.ts";
import { notImplemented, Refusal } from "../http/refusal.ts";
import { parseReference, withTag } from "../state/image-reference.ts";
import { removeImage } from "../state/remove-image.ts";
import { historyOf, inspectImage, summaryOf } from "./describe-image.ts";
import { chooseImages, pruneImages } from "./image-filters.ts";

/** The operations on the images that the engine has. */
export const imageHandlers: Handlers = {
  ImageList: ({ parameters, version }, world) => {
    const options = { version, sharedSize: parameters["shared-size"] === true };
    const value = chooseImages(world, parameters["filters"], parameters["all"] === true)
      .sort((a, b) => b.createdMs - a.createdMs)
      .map((image) => summaryOf(image, world, options));
    return { status: 200, value };
  },
  ImageInspect: ({ path, version }, world) => ({
    status: 200,
    value: inspectImage(world.images.find(path["name"] ?? ""), world, version),
  }),
  ImageHistory: ({ path }, world) => ({ status: 200, value: historyOf(world.images.find(path["name"] ?? ""), world) }),
  ImageTag: ({ path, parameters }, { images }) => {
    const image = images.find(path["name"] ?? "");
    const repo = String(parameters["repo"] ?? "");
    const tag = String(parameters["tag"] ?? "");
    const named = parseReference(repo);
    if (named.digest !== undefined) {
      throw new Refusal(400, "cannot import digest reference");
    }
    const reference = tag === "" ? named : withTag(named, tag);
    images.name(image, reference);
    images.tell("tag", image, reference.name);
    return { status: 201, value: undefined };
  },
  ImageDelete: ({ path, parameters }, world) => {
    const options = { force: parameters["force"] === true, prune: parameters["noprune"] !== true };
    return { status: 200, value: removeImage(world, path["name"] ?? "", options) };
  },
  ImagePrune: ({ parameters }, world) => ({ status: 200, value: pruneImages(world, parameters["filters"]) }),
  ImageAttestations: ({ path }, { images }) => {
    images.find(path["name"] ?? "");
    // The store that keeps layers in folders has none (moby:daemon/images).
    throw notImplemented("ImageAttestations");
  },
};
