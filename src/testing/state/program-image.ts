import type { ImageConfig } from "../../generated/models.ts";
import { FileSystem } from "../files/file-system.ts";
import type { Program } from "../programs/program.ts";
import { type HistoryEntry, type Image, makeImage } from "./image.ts";
import { parseReference } from "./image-reference.ts";
import { type Layer, layerBetween } from "./layer.ts";
import type { World } from "./world.ts";

/** More about an image of a program. */
export interface ProgramImageOptions {
  /** How containers of the image run. Default: `Cmd` is the program's own command, or the last part of the name. */
  readonly config?: ImageConfig;
  /** Files by their absolute paths. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** The same in several layers, which lie on top of each other and of `files`. */
  readonly layers?: readonly Readonly<Record<string, string | Uint8Array>>[];
  /**
   * Whether the engine has the image. `false` puts it into the registry that its name says, from where the engine can
   * pull it. Default: `true`.
   */
  readonly pulled?: boolean;
}

/** Adds an image of a program, to the engine itself or to a registry. */
export function addProgramImage(world: World, name: string, program: Program, options: ProgramImageOptions): void {
  const reference = parseReference(name);
  const { images, registries } = world;
  images.addProgram(reference.name, program);
  const image = imageOf(world, reference.name, program, options);
  if (options.pulled ?? true) {
    images.add(image, reference);
  } else {
    registries.open(reference.host).publish(reference, image);
  }
}

function imageOf({ clock }: World, name: string, program: Program, options: ProgramImageOptions): Image {
  const now = () => clock.now();
  const createdMs = now();
  const files = program.files?.(now) ?? new FileSystem(now);
  const lowest = put(files, undefined, options.files ?? {});
  const layers: Layer[] = lowest === undefined ? [] : [lowest];
  for (const more of options.layers ?? []) {
    const layer = put(files, files.clone(), more);
    if (layer !== undefined) layers.push(layer);
  }
  const last = name.split(/[/:]/).at(-2) ?? name;
  const config = { Cmd: [...(program.command ?? [last])], Env: [], ...options.config };
  const step: HistoryEntry = { createdMs, createdBy: `program ${name}`, comment: "", emptyLayer: false };
  const history: HistoryEntry[] = layers.length === 0 ? [{ ...step, emptyLayer: true }] : layers.map(() => step);
  return makeImage({ config, files, program, programName: name, createdMs, layers, history });
}

/** Writes files, and gives the layer that they make. */
function put(
  files: FileSystem,
  before: FileSystem | undefined,
  contents: Readonly<Record<string, string | Uint8Array>>,
): Layer | undefined {
  for (const [path, content] of Object.entries(contents)) {
    files.mkdir(path.replace(/\/[^/]*$/, "") || "/", { recursive: true });
    files.writeFile(path, content);
  }
  // The clone stays as it is.
  return layerBetween(before?.root, files.clone().root);
}
