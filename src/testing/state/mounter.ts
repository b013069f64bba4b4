import type { MountPoint } from "../../generated/models.ts";
import { FileSystem } from "../files/file-system.ts";
import { withStatus } from "../http/refusal.ts";
import type { Clock } from "./clock.ts";
import type { Container } from "./container.ts";
import type { ContainerStore } from "./container-store.ts";
import { type MountRequest, mountRequests } from "./mount-request.ts";
import type { Volume, VolumeStore } from "./volumes.ts";

/**
 * Mounts into containers what they ask for. The computer's own folders are never read or written: a folder of the host
 * is one in memory, empty at first, that all containers of the engine share under its path.
 */
export class Mounter {
  readonly #volumes: VolumeStore;
  readonly #containers: ContainerStore;
  readonly #clock: Clock;
  readonly #hostFolders = new Map<string, FileSystem>();

  constructor(volumes: VolumeStore, containers: ContainerStore, clock: Clock) {
    this.#volumes = volumes;
    this.#containers = containers;
    this.#clock = clock;
  }

  /** The folder that containers see as this one of the host. */
  hostFolder(path: string): FileSystem {
    const folder = this.#hostFolders.get(path) ?? new FileSystem(() => this.#clock.now());
    this.#hostFolders.set(path, folder);
    return folder;
  }

  /** @throws Refusal if something cannot be mounted. */
  created(container: Container): void {
    const requests = mountRequests(container.facts);
    const taken = new Set(requests.map(({ destination }) => destination));
    const borrowed = this.#borrowed(container).filter(({ destination }) => !taken.has(destination));
    try {
      const points = [...borrowed, ...requests].map((request) => this.#mount(container, request));
      container.mounts = points.sort((a, b) => (a.Destination < b.Destination ? -1 : 1));
    } catch (error) {
      // The container is never made: it has no volumes.
      for (const { users } of this.#volumes.all()) {
        users.delete(container);
      }
      throw error;
    }
  }

  started(container: Container): void {
    for (const { volume, point } of this.#volumesOf(container)) {
      this.#volumes.tell(volume, "mount", {
        container: container.facts.Id,
        destination: point.Destination,
        propagation: "",
        "read/write": String(point.RW),
      });
    }
  }

  stopped(container: Container): void {
    for (const { volume } of this.#volumesOf(container)) {
      this.#volumes.tell(volume, "unmount", { container: container.facts.Id });
    }
  }

  removed(container: Container, withVolumes: boolean): void {
    for (const { volume } of this.#volumesOf(container)) {
      volume.users.delete(container);
      if (withVolumes && this.#volumes.isAnonymous(volume) && volume.users.size === 0) {
        this.#volumes.remove(volume);
      }
    }
  }

  /** What it takes from other containers by `VolumesFrom`. */
  #borrowed({ facts }: Container): MountRequest[] {
    return (facts.hostConfig.VolumesFrom ?? []).flatMap((text) => {
      const [name = "", mode = "rw"] = text.split(":");
      const other = this.#lender(name);
      return other.mounts.map((point) => ({
        type: typeOf(point),
        source: point.Name ?? point.Source,
        destination: point.Destination,
        readOnly: mode === "ro" || !point.RW,
        mode: mode === "ro" ? "ro" : point.Mode,
        noCopy: true,
      }));
    });
  }

  /** Here it is the request that is wrong if there is none. */
  #lender(name: string): Container {
    return withStatus(400, () => this.#containers.find(name));
  }

  #mount(container: Container, request: MountRequest): MountPoint {
    const { type, source, destination, readOnly, mode } = request;
    const shared = { Destination: destination, Mode: mode, RW: !readOnly };
    if (type === "tmpfs") {
      container.files.mount(destination, new FileSystem(() => this.#clock.now()), { readOnly });
      return { Type: "tmpfs", Source: "", ...shared, Propagation: "" };
    }
    if (type === "bind") {
      container.files.mount(destination, this.hostFolder(source), { readOnly });
      return { Type: "bind", Source: source, ...shared, Propagation: "rprivate" };
    }
    const volume = this.#volumes.create({ Name: source, ...(request.labels ? { Labels: { ...request.labels } } : {}) });
    volume.users.add(container);
    if (!request.noCopy) {
      fill(volume, container, destination);
    }
    container.files.mount(destination, volume.files, { readOnly });
    return { Type: "volume", Name: volume.Name, Source: folderOf(volume), ...shared, Driver: "local", Propagation: "" };
  }

  #volumesOf({ mounts }: Container): { readonly volume: Volume; readonly point: MountPoint }[] {
    return mounts
      .filter(({ Type }) => Type === "volume")
      .map((point) => ({ volume: this.#volumes.find(point.Name ?? ""), point }));
  }
}

function typeOf({ Type }: MountPoint): MountRequest["type"] {
  return Type === "bind" ? "bind" : Type === "tmpfs" ? "tmpfs" : "volume";
}

/** Where dockerd would keep a volume. */
export function folderOf({ Name }: Volume): string {
  return `/var/lib/docker/volumes/${Name}/_data`;
}

/** An empty volume begins with what the image has at its place. */
function fill({ files }: Volume, container: Container, destination: string): void {
  if (files.list("/").length > 0 || container.files.stat(destination)?.kind !== "folder") {
    return;
  }
  // A clone of its own: neither of the two may change what the other has.
  const node = container.files.clone().node(destination);
  if (node.kind === "folder") {
    for (const [name, child] of node.entries) {
      files.put(`/${name}`, child);
    }
  }
}
