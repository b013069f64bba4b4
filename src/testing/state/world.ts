import type { VersionRange } from "../http/versions.ts";
import { Swarm } from "../swarm/swarm.ts";
import { Clock } from "./clock.ts";
import type { Container } from "./container.ts";
import { ContainerStore } from "./container-store.ts";
import { EventBus } from "./event-bus.ts";
import type { Exec } from "./exec.ts";
import { Ids } from "./ids.ts";
import { ImageStore } from "./image-store.ts";
import { Lifecycle } from "./lifecycle.ts";
import { Mounter } from "./mounter.ts";
import { connectAsAsked, mustHaveNetworks } from "./network-mode.ts";
import { NetworkStore } from "./networks.ts";
import { Registries } from "./registries.ts";
import { VolumeStore } from "./volumes.ts";

/** All that one embedded engine knows. */
export class World {
  readonly clock: Clock = new Clock();
  readonly ids: Ids = new Ids();
  readonly events: EventBus = new EventBus(this.clock);
  readonly images: ImageStore = new ImageStore(this.clock, this.events);
  readonly registries: Registries = new Registries();
  readonly containers: ContainerStore = new ContainerStore();
  readonly lifecycle: Lifecycle = new Lifecycle(this.containers, this.clock, this.events);
  readonly networks: NetworkStore = new NetworkStore(this.ids, this.clock, this.events);
  readonly volumes: VolumeStore = new VolumeStore(this.ids, this.clock, this.events);
  readonly mounter: Mounter = new Mounter(this.volumes, this.containers, this.clock);
  readonly swarm: Swarm = new Swarm(this);
  /** The commands that were ever made in containers that are still there. */
  readonly execs: Map<string, Exec> = new Map();
  /** Another daemon may speak others. */
  versions: VersionRange;

  constructor(versions: VersionRange) {
    this.versions = versions;
    this.lifecycle.hooks.push(
      { removed: (container) => this.#forgetExecs(container) },
      {
        created: (container) => connectAsAsked(container, this.networks),
        starting: (container) => mustHaveNetworks(container, this.networks, this.containers),
        started: (container) => this.networks.started(container),
        stopped: (container) => this.networks.stopped(container),
      },
      {
        created: (container) => this.mounter.created(container),
        started: (container) => this.mounter.started(container),
        stopped: (container) => this.mounter.stopped(container),
        removed: (container, withVolumes) => this.mounter.removed(container, withVolumes),
      },
    );
  }

  #forgetExecs({ execs }: Container): void {
    for (const { ID } of execs) {
      this.execs.delete(ID);
    }
  }

  /** Ends every program and everything that waits. */
  close(): void {
    this.swarm.close();
    this.lifecycle.close();
  }
}
