import type { ByteReply, EngineRequest, Handlers } from "../http/handler.ts";
import { parseReference } from "../state/image-reference.ts";
import { chainIds } from "../state/layer.ts";
import { readImages } from "../state/load-images.ts";
import { findWanted, saveImages } from "../state/save-images.ts";
import type { World } from "../state/world.ts";
import { progressReply, type Report } from "./progress.ts";
import { readWhole } from "./read-whole.ts";

/** Images as tars. */
export const imageTarHandlers: Handlers = {
  ImageGet: ({ path }, world) => ({ status: 200, value: save(world, [path["name"] ?? ""]) }),
  // Of the query come lists of texts.
  ImageGetAll: ({ parameters }, world) => ({
    status: 200,
    value: save(world, (parameters["names"] ?? []) as readonly string[]),
  }),
  ImageLoad: (request, world) => ({ status: 200, value: progressReply(load(request, world)) }),
};

function save(world: World, names: readonly string[]): ByteReply {
  const wanted = findWanted(world, names);
  for (const { image } of wanted) {
    world.images.tell("save", image);
  }
  return { contentType: "application/x-tar", bytes: written(saveImages(wanted)) };
}

async function* written(tar: Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  const bytes = await tar;
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    yield bytes.subarray(start, start + chunkBytes);
  }
}

const chunkBytes = 65_536;

/** Whatever is wrong is told in the stream (moby:daemon/server/router/image/image_routes.go:311-313). */
async function* load({ body, parameters }: EngineRequest, world: World): AsyncGenerator<Report> {
  const { images } = world;
  const isQuiet = parameters["quiet"] !== false;
  const here = new Set(images.all().flatMap(({ layers }) => chainIds(layers)));
  const told: Report[] = [];
  for (const { image, names } of await readImages(world, await readWhole(body))) {
    const chain = chainIds(image.layers);
    for (const [index, { diffId, tarBytes: total }] of image.layers.entries()) {
      if (!isQuiet && !here.has(chain[index] ?? "")) {
        yield { status: "Loading layer", progressDetail: { current: total, total }, id: diffId.slice(7, 19) };
      }
    }
    images.add(image);
    for (const name of names) {
      images.name(image, parseReference(name));
      told.push({ stream: `Loaded image: ${name}\n` });
    }
    if (names.length === 0) {
      told.push({ stream: `Loaded image ID: ${image.Id}\n` });
    }
    images.tell("load", image);
  }
  yield* told;
}
