import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type { VolumeCreateRequest, VolumeUpdateRequest } from "../generated/models.ts";
import type * as parameters from "../generated/parameters.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";

/**
 * Volumes. `name` is always the volume's whole name.
 *
 * Every method throws (or, through `outcome()`, gives as data) the answers that its operation documents. All of them
 * throw an `InvalidRequestError` before anything is sent if an argument cannot be sent.
 */
export class Volumes {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Lists volumes.
   *
   * `GET /volumes`, since API 1.40.
   *
   * @returns `Volumes`, and the drivers' `Warnings`
   *
   * @example
   * const { Volumes } = await docker.volumes.list({ filters: { dangling: ["true"] } });
   */
  list(options: CallOptions & parameters.VolumeListParameters = {}): OperationCall<"VolumeList"> {
    return this.#engine.call("VolumeList", split(options));
  }

  /**
   * Creates a volume. If one of that name and driver exists, it is the answer.
   *
   * `POST /volumes/create`, since API 1.40.
   *
   * @param spec `Name` (default: a random one), `Driver` (default: `local`), `DriverOpts` and `Labels`
   *
   * @example
   * await docker.volumes.create({ Name: "data", Labels: { keep: "yes" } });
   */
  create(spec: VolumeCreateRequest = {}, options: CallOptions = {}): OperationCall<"VolumeCreate"> {
    return this.#engine.call("VolumeCreate", { ...split(options), body: spec });
  }

  /**
   * Gives everything that the engine knows of a volume.
   *
   * `GET /volumes/{name}`, since API 1.40.
   */
  inspect(name: string, options: CallOptions = {}): OperationCall<"VolumeInspect"> {
    return this.#engine.call("VolumeInspect", { ...split(options), path: { name } });
  }

  /**
   * Changes a cluster volume, one that a swarm's CSI plugin provides; other volumes cannot be changed. Only its
   * `Spec.Availability` may differ.
   *
   * `PUT /volumes/{name}`, since API 1.42.
   *
   * @param spec the volume's whole new `Spec`
   * @param options `version` is the `ClusterVolume.Version.Index` that `inspect` gave: the engine refuses the change of
   *   a volume that was changed in between
   */
  update(
    name: string,
    spec: VolumeUpdateRequest,
    options: CallOptions & parameters.VolumeUpdateParameters,
  ): OperationCall<"VolumeUpdate"> {
    return this.#engine.call("VolumeUpdate", { ...split(options), path: { name }, body: spec });
  }

  /**
   * Removes a volume with all that it holds; `VolumeInUse` if a container, running or not, has it.
   *
   * `DELETE /volumes/{name}`, since API 1.40.
   *
   * @param options `force` takes a volume that is not there for removed
   */
  remove(name: string, options: CallOptions & parameters.VolumeDeleteParameters = {}): OperationCall<"VolumeDelete"> {
    return this.#engine.call("VolumeDelete", { ...split(options), path: { name } });
  }

  /**
   * Removes volumes that no container has: since API 1.42 those without a name of their own, and with the filter
   * `all: ["true"]` the named ones too; before, and on Podman, always both.
   *
   * `POST /volumes/prune`, since API 1.40. It may take long, so only the connecting has a time limit by default.
   *
   * @returns the names of the removed volumes, and the bytes that are free again
   */
  prune(options: CallOptions & parameters.VolumePruneParameters = {}): OperationCall<"VolumePrune"> {
    return this.#engine.call("VolumePrune", split(options));
  }
}
