import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type { ConfigSpec } from "../generated/models.ts";
import type * as parameters from "../generated/parameters.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";

/**
 * The configs of a swarm, which its services read as files. `id` is always a config's id, an unambiguous beginning
 * of it, or its name.
 *
 * Every method throws (or, through `outcome()`, gives as data) the answers that its operation documents: `NotInSwarm`
 * if the engine is no manager of a swarm. All of them throw an `InvalidRequestError` before anything is sent if an
 * argument cannot be sent.
 */
export class Configs {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Lists configs with their content.
   *
   * `GET /configs`, since API 1.40.
   */
  list(options: CallOptions & parameters.ConfigListParameters = {}): OperationCall<"ConfigList"> {
    return this.#engine.call("ConfigList", split(options));
  }

  /**
   * Creates a config; `NameInUse` if there is one of that name.
   *
   * `POST /configs/create`, since API 1.40.
   *
   * @param spec `Name` is needed, and `Data`: the content in base64
   * @returns the new config's `ID`
   *
   * @example
   * await docker.configs.create({ Name: "motd", Data: Buffer.from("hello").toString("base64") });
   */
  create(spec: ConfigSpec, options: CallOptions = {}): OperationCall<"ConfigCreate"> {
    return this.#engine.call("ConfigCreate", { ...split(options), body: spec });
  }

  /**
   * Gives everything that the swarm knows of a config; `Spec.Data` is its content in base64.
   *
   * `GET /configs/{id}`, since API 1.40.
   */
  inspect(id: string, options: CallOptions = {}): OperationCall<"ConfigInspect"> {
    return this.#engine.call("ConfigInspect", { ...split(options), path: { id } });
  }

  /**
   * Changes the labels of a config; nothing else of it can be changed.
   *
   * `POST /configs/{id}/update`, since API 1.40.
   *
   * @param spec the config's whole new specification
   * @param options `version` is the `Version.Index` that `inspect` gave: the engine refuses the change of a config
   *   that was changed in between
   *
   * @example
   * const { ID, Spec, Version } = await docker.configs.inspect("motd");
   * await docker.configs.update(ID, { ...Spec, Labels: { team: "web" } }, { version: Version.Index });
   */
  update(
    id: string,
    spec: ConfigSpec,
    options: CallOptions & parameters.ConfigUpdateParameters,
  ): OperationCall<"ConfigUpdate"> {
    return this.#engine.call("ConfigUpdate", { ...split(options), path: { id }, body: spec });
  }

  /**
   * Removes a config; `BadParameter` if a service uses it.
   *
   * `DELETE /configs/{id}`, since API 1.40.
   */
  remove(id: string, options: CallOptions = {}): OperationCall<"ConfigDelete"> {
    return this.#engine.call("ConfigDelete", { ...split(options), path: { id } });
  }
}
