import type { VolumeCreateRequest } from "../../generated/models.ts";
import { FileSystem } from "../files/file-system.ts";
import { Refusal } from "../http/refusal.ts";
import type { Clock } from "./clock.ts";
import type { Container } from "./container.ts";
import type { EventBus } from "./event-bus.ts";
import type { Ids } from "./ids.ts";

/** A volume: files that outlive their containers. */
export interface Volume {
  readonly Name: string;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly options: Readonly<Record<string, string>> | null;
  readonly createdMs: number;
  readonly files: FileSystem;
  /** The containers that have it, whether they run or not. */
  readonly users: Set<Container>;
}

/** The label of a volume that nobody has named (moby:daemon/volume/service/service.go). */
const anonymous = "com.docker.volume.anonymous";
/** What the local driver takes (moby:daemon/volume/local/local_unix.go). */
const driverOptions = ["device", "o", "size", "type"];

/** The volumes of an engine, which all lie in memory. */
export class VolumeStore {
  readonly #volumes = new Map<string, Volume>();
  readonly #ids: Ids;
  readonly #clock: Clock;
  readonly #events: EventBus;

  constructor(ids: Ids, clock: Clock, events: EventBus) {
    this.#ids = ids;
    this.#clock = clock;
    this.#events = events;
  }

  all(): Volume[] {
    return [...this.#volumes.values()];
  }

  /** @throws Refusal if there is none such. */
  find(name: string): Volume {
    const volume = this.#volumes.get(name);
    if (volume === undefined) {
      throw new Refusal(404, `get ${name}: no such volume`);
    }
    return volume;
  }

  /**
   * Gives the volume of that name, and makes it if it is not there; without a name always a new one.
   *
   * @throws Refusal if the name, the driver or an option is none.
   */
  create({ Name, Driver, DriverOpts, Labels }: VolumeCreateRequest): Volume {
    if (Driver && Driver !== "local") {
      throw new Refusal(
        404,
        `create ${Name || this.#ids.next()}: error looking up volume plugin ${Driver}: plugin "${Driver}" not found`,
      );
    }
    const there = this.#volumes.get(Name ?? "");
    if (there !== undefined) {
      return there;
    }
    const volume: Volume = {
      Name: Name || this.#ids.next(),
      labels: Name ? (Labels ?? null) : { ...Labels, [anonymous]: "" },
      options: DriverOpts && Object.keys(DriverOpts).length > 0 ? DriverOpts : null,
      createdMs: this.#clock.now(),
      files: new FileSystem(() => this.#clock.now()),
      users: new Set(),
    };
    check(volume);
    this.#volumes.set(volume.Name, volume);
    this.tell(volume, "create");
    return volume;
  }

  /** @throws Refusal if a container has it. */
  remove(volume: Volume): void {
    if (volume.users.size > 0) {
      const ids = [...volume.users].map(({ facts }) => facts.Id).join(", ");
      throw new Refusal(409, `remove ${volume.Name}: volume is in use - [${ids}]`);
    }
    this.#volumes.delete(volume.Name);
    this.tell(volume, "destroy");
  }

  isAnonymous({ labels }: Volume): boolean {
    return labels !== null && anonymous in labels;
  }

  tell({ Name }: Volume, Action: string, attributes: Readonly<Record<string, string>> = {}): void {
    this.#events.publish({ Type: "volume", Action, ID: Name, Attributes: { driver: "local", ...attributes } });
  }
}

function check({ Name, options }: Volume): void {
  if (Name.length === 1) {
    throw new Refusal(
      400,
      `create ${Name}: volume name is too short, names should be at least two alphanumeric characters`,
    );
  }
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(Name)) {
    throw new Refusal(
      400,
      `create ${Name}: "${Name}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`,
    );
  }
  const unknown = Object.keys(options ?? {}).find((option) => !driverOptions.includes(option));
  if (unknown !== undefined) {
    throw new Refusal(400, `create ${Name}: invalid option: "${unknown}"`);
  }
}
