import type { Volume as VolumeModel } from "../../generated/models.ts";
import type { Handlers } from "../http/handler.ts";
import { goSyntax, notImplemented, Refusal } from "../http/refusal.ts";
import { isOlder } from "../http/versions.ts";
import { chooser, type Filters, hasLabel, reading } from "../state/filters.ts";
import { folderOf } from "../state/mounter.ts";
import { goSeconds } from "../state/timestamps.ts";
import type { Volume, VolumeStore } from "../state/volumes.ts";
import { readFlag } from "./flags.ts";

export const volumeHandlers: Handlers = {
  VolumeList: ({ parameters }, { volumes }) => {
    const chosen = volumes.all().filter(
      chooser<Volume>(parameters["filters"], {
        name: ({ Name }, value) => Name.includes(value),
        driver: (_, value) => value === "local",
        label: ({ labels }, value) => hasLabel(labels, value),
        dangling: reading(
          (value) => readFlag("dangling", value),
          ({ users }, wanted) => (users.size === 0) === wanted,
        ),
      }),
    );
    return { status: 200, value: { Volumes: chosen.map(describeVolume), Warnings: null } };
  },
  VolumeInspect: ({ path }, { volumes }) => ({ status: 200, value: describeVolume(volumes.find(path["name"] ?? "")) }),
  VolumeCreate: async ({ json }, { volumes }) => {
    const request = await json();
    if (request["ClusterVolumeSpec"] !== undefined) {
      throw notImplemented("A volume of a swarm");
    }
    return { status: 201, value: describeVolume(volumes.create(request)) };
  },
  VolumeUpdate: ({ path }, { swarm }) => {
    if (!swarm.isActive) {
      throw new Refusal(503, "volume update only valid for cluster volumes, but swarm is unavailable");
    }
    throw new Refusal(404, `volume ${path["name"]} not found`);
  },
  VolumeDelete: ({ path, parameters }, { volumes }) => {
    const name = path["name"] ?? "";
    if (parameters["force"] !== true || volumes.all().some(({ Name }) => Name === name)) {
      volumes.remove(volumes.find(name));
    }
    return { status: 204, value: undefined };
  },
  VolumePrune: ({ parameters, version }, world) => {
    const unused = prunable(parameters["filters"], version, world.volumes);
    const SpaceReclaimed = unused.reduce((sum, { files }) => sum + files.totalBytes(), 0);
    for (const volume of unused) {
      world.volumes.remove(volume);
    }
    const Attributes = { reclaimed: String(SpaceReclaimed) };
    world.events.publish({ Type: "volume", Action: "prune", ID: "", Attributes });
    const VolumesDeleted = unused.length === 0 ? null : unused.map(({ Name }) => Name);
    return { status: 200, value: { VolumesDeleted, SpaceReclaimed } };
  },
};

/** Named volumes are spared since API 1.42, unless `all` is asked for. */
function prunable(filters: unknown, version: string, volumes: VolumeStore): Volume[] {
  // The parameters were read as filters.
  const { all: [wanted] = [], ...rest } = (filters ?? {}) as Filters;
  const all = isOlder(version, "1.42") || (wanted !== undefined && isAll(wanted));
  const choose = chooser<Volume>(rest, {
    label: ({ labels }, value) => hasLabel(labels, value),
    "label!": ({ labels }, value) => !hasLabel(labels, value),
  });
  return volumes
    .all()
    .filter((volume) => volume.users.size === 0 && (all || volumes.isAnonymous(volume)) && choose(volume));
}

/** This flag alone is read so (moby:volume/service/service.go). */
function isAll(text: string): boolean {
  try {
    return readFlag("all", text);
  } catch {
    throw new Refusal(400, `invalid filter 'all': ${goSyntax("ParseBool", text)}`);
  }
}

/** A volume as the API tells of it. */
export function describeVolume(volume: Volume): VolumeModel {
  return {
    CreatedAt: goSeconds(volume.createdMs),
    Driver: "local",
    Labels: volume.labels === null ? null : { ...volume.labels },
    Mountpoint: folderOf(volume),
    Name: volume.Name,
    Options: volume.options === null ? null : { ...volume.options },
    Scope: "local",
  };
}
