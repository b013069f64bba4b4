import { applyChanges } from "../build/changes.ts";
import { FileSystem } from "../files/file-system.ts";
import type { EngineRequest } from "../http/handler.ts";
import { notImplemented } from "../http/refusal.ts";
import { makeImage } from "../state/image.ts";
import { parseReference, withTag } from "../state/image-reference.ts";
import { layerOfTar } from "../state/layer.ts";
import { noProgram } from "../state/no-program.ts";
import { layOver, readTar, unzipped } from "../state/read-tar.ts";
import type { World } from "../state/world.ts";
import type { Report } from "./progress.ts";
import { readWhole } from "./read-whole.ts";

/**
 * Makes an image of a tar of files: `POST /images/create?fromSrc=-`.
 *
 * @throws Refusal if the tar or a change is none; 501 for an address, since no connection is made.
 */
export async function importImage({ parameters, body }: EngineRequest, world: World): Promise<AsyncIterable<Report>> {
  const { images, clock } = world;
  if (parameters["fromSrc"] !== "-") {
    throw notImplemented("Import from an address");
  }
  const text = (name: string) => String(parameters[name] ?? "");
  const tag = text("tag");
  const named = text("repo") === "" ? undefined : parseReference(text("repo"));
  const reference = named !== undefined && tag !== "" ? withTag(named, tag) : named;
  // Of the query come lists of texts.
  const config = applyChanges({}, (parameters["changes"] ?? []) as readonly string[]);
  const bytes = await readWhole(body);
  const files = new FileSystem(() => clock.now());
  layOver(files, "/", await readTar(bytes));
  const createdMs = clock.now();
  const comment = text("message") || "Imported from -";
  const image = makeImage({
    config,
    files,
    program: noProgram,
    programName: "",
    createdMs,
    layers: [layerOfTar(unzipped(bytes), files.totalBytes())],
    history: [{ createdMs, createdBy: "", comment, emptyLayer: false }],
    comment,
  });
  images.add(image, reference);
  if (reference !== undefined) {
    images.tell("tag", image, reference.name);
  }
  images.tell("import", image);
  return oneReport({ status: image.Id });
}

async function* oneReport(report: Report): AsyncGenerator<Report> {
  yield report;
}
