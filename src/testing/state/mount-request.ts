import type { Mount, MountType } from "../../generated/models.ts";
import { notImplemented, Refusal } from "../http/refusal.ts";
import type { ContainerFacts } from "./container.ts";

/** One thing that a container wants mounted. */
export interface MountRequest {
  readonly type: "volume" | "bind" | "tmpfs";
  /** The volume's name or the host's folder; empty for a new volume, and for `tmpfs`. */
  readonly source: string;
  readonly destination: string;
  readonly readOnly: boolean;
  /** The options as `inspect` shows them. */
  readonly mode: string;
  /** What a new volume is given. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Whether the image's files at the place are not copied into an empty volume. */
  readonly noCopy: boolean;
}

const knownModes = /^(ro|rw|z|Z|nocopy|copy|(r?(private|shared|slave))|consistent|cached|delegated)$/;

/**
 * What a container wants mounted: by `Binds`, `Mounts`, `Tmpfs`, and the `Volumes` of its configuration, which have new
 * volumes where nothing else lies.
 *
 * @throws Refusal in dockerd's words if something is malformed.
 */
export function mountRequests({ config, hostConfig }: ContainerFacts): MountRequest[] {
  const asked = [
    ...(hostConfig.Binds ?? []).map(readBind),
    ...(hostConfig.Mounts ?? []).map(readMount),
    ...Object.keys(hostConfig.Tmpfs ?? {}).map((destination) => plain("tmpfs", "", destination)),
  ];
  const places = new Set<string>();
  for (const { destination } of asked) {
    if (places.has(destination)) {
      throw new Refusal(400, `Duplicate mount point: ${destination}`);
    }
    places.add(destination);
  }
  const rest = Object.keys(config.Volumes ?? {}).map(clean);
  return [...asked, ...rest.filter((path) => !places.has(path)).map((path) => plain("volume", "", path))];
}

function plain(type: MountRequest["type"], source: string, destination: string): MountRequest {
  return { type, source, destination: clean(destination), readOnly: false, mode: "", noCopy: false };
}

/** Reads `SOURCE:DESTINATION[:OPTIONS]`, or a destination alone. */
function readBind(text: string): MountRequest {
  const parts = text.split(":");
  if (parts.length > 3 || parts.includes("")) {
    throw new Refusal(500, `invalid volume specification: '${text}'`);
  }
  const [source = "", destination = "", mode = ""] = parts.length === 1 ? ["", ...parts] : parts;
  const options = mode.split(",").filter(Boolean);
  if (options.some((option) => !knownModes.test(option))) {
    throw new Refusal(500, `invalid mode: ${mode}`);
  }
  const type = source.startsWith("/") ? "bind" : "volume";
  if (!destination.startsWith("/")) {
    throw new Refusal(
      500,
      `invalid volume specification: '${text}': invalid mount config for type "${type}": invalid mount path: '${destination}' mount path must be absolute`,
    );
  }
  const noCopy = options.includes("nocopy");
  return { ...plain(type, source, destination), readOnly: options.includes("ro"), mode, noCopy };
}

function readMount({ Type = "", Source = "", Target = "", ReadOnly, VolumeOptions }: Mount): MountRequest {
  const refuse = (why: string) => new Refusal(400, `invalid mount config for type "${Type}": ${why}`);
  if (!isKnown(Type)) {
    if (Type === "image" || Type === "cluster" || Type === "npipe") {
      throw notImplemented(`A mount of type ${Type}`);
    }
    throw refuse("mount type unknown");
  }
  if (Target === "") {
    throw refuse("field Target must not be empty");
  }
  if (!Target.startsWith("/")) {
    throw refuse(`invalid mount path: '${Target}' mount path must be absolute`);
  }
  if (Type === "bind" && !Source.startsWith("/")) {
    throw refuse(
      Source === "" ? "field Source must not be empty" : `invalid mount path: '${Source}' mount path must be absolute`,
    );
  }
  return {
    ...plain(Type, Type === "tmpfs" ? "" : Source, Target),
    readOnly: ReadOnly ?? false,
    mode: Type === "volume" ? "z" : "",
    labels: VolumeOptions?.Labels,
    noCopy: VolumeOptions?.NoCopy ?? false,
  };
}

function isKnown(type: MountType): type is MountRequest["type"] {
  return type === "volume" || type === "bind" || type === "tmpfs";
}

function clean(path: string): string {
  return path.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");
}
