import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type { SecretSpec } from "../generated/models.ts";
import type * as parameters from "../generated/parameters.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";

/**
 * The secrets of a swarm, which its services read as files. `id` is always a secret's id, an unambiguous beginning
 * of it, or its name.
 *
 * Every method throws (or, through `outcome()`, gives as data) the answers that its operation documents: `NotInSwarm`
 * if the engine is no manager of a swarm. All of them throw an `InvalidRequestError` before anything is sent if an
 * argument cannot be sent.
 */
export class Secrets {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Lists secrets, without their content.
   *
   * `GET /secrets`, since API 1.40.
   */
  list(options: CallOptions & parameters.SecretListParameters = {}): OperationCall<"SecretList"> {
    return this.#engine.call("SecretList", split(options));
  }

  /**
   * Creates a secret; `NameInUse` if there is one of that name.
   *
   * `POST /secrets/create`, since API 1.40.
   *
   * @param spec `Name` is needed, and `Data`: the content in base64
   * @returns the new secret's `ID`
   *
   * @example
   * await docker.secrets.create({ Name: "password", Data: Buffer.from("hunter2").toString("base64") });
   */
  create(spec: SecretSpec, options: CallOptions = {}): OperationCall<"SecretCreate"> {
    return this.#engine.call("SecretCreate", { ...split(options), body: spec });
  }

  /**
   * Gives what the swarm tells of a secret: everything but its content.
   *
   * `GET /secrets/{id}`, since API 1.40.
   */
  inspect(id: string, options: CallOptions = {}): OperationCall<"SecretInspect"> {
    return this.#engine.call("SecretInspect", { ...split(options), path: { id } });
  }

  /**
   * Changes the labels of a secret; nothing else of it can be changed.
   *
   * `POST /secrets/{id}/update`, since API 1.40.
   *
   * @param spec the secret's whole new specification
   * @param options `version` is the `Version.Index` that `inspect` gave: the engine refuses the change of a secret
   *   that was changed in between
   *
   * @example
   * const { ID, Spec, Version } = await docker.secrets.inspect("password");
   * await docker.secrets.update(ID, { ...Spec, Labels: { team: "web" } }, { version: Version.Index });
   */
  update(
    id: string,
    spec: SecretSpec,
    options: CallOptions & parameters.SecretUpdateParameters,
  ): OperationCall<"SecretUpdate"> {
    return this.#engine.call("SecretUpdate", { ...split(options), path: { id }, body: spec });
  }

  /**
   * Removes a secret; `BadParameter` if a service uses it.
   *
   * `DELETE /secrets/{id}`, since API 1.40.
   */
  remove(id: string, options: CallOptions = {}): OperationCall<"SecretDelete"> {
    return this.#engine.call("SecretDelete", { ...split(options), path: { id } });
  }
}
