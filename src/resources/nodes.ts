import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type { NodeSpec } from "../generated/models.ts";
import type * as parameters from "../generated/parameters.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";

/**
 * The nodes of a swarm, as its managers know them. `id` is always a node's id, an unambiguous beginning of it, or
 * its name.
 *
 * Every method throws (or, through `outcome()`, gives as data) the answers that its operation documents: `NotInSwarm`
 * if the engine is no manager of a swarm. All of them throw an `InvalidRequestError` before anything is sent if an
 * argument cannot be sent.
 */
export class Nodes {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Lists the nodes.
   *
   * `GET /nodes`, since API 1.40.
   *
   * @example
   * for (const { Description, Status } of await docker.nodes.list({ filters: { role: ["worker"] } })) {
   *   console.log(Description.Hostname, Status.State);
   * }
   */
  list(options: CallOptions & parameters.NodeListParameters = {}): OperationCall<"NodeList"> {
    return this.#engine.call("NodeList", split(options));
  }

  /**
   * Gives everything that the swarm knows of a node.
   *
   * `GET /nodes/{id}`, since API 1.40.
   */
  inspect(id: string, options: CallOptions = {}): OperationCall<"NodeInspect"> {
    return this.#engine.call("NodeInspect", { ...split(options), path: { id } });
  }

  /**
   * Changes a node: promotes or demotes it with `Role`, drains it with `Availability`, labels it.
   *
   * `POST /nodes/{id}/update`, since API 1.40.
   *
   * @param spec the node's whole new specification: what is left out is reset, not kept
   * @param options `version` is the `Version.Index` that `inspect` gave: the engine refuses the change of a node that
   *   was changed in between
   *
   * @example
   * const { ID, Spec, Version } = await docker.nodes.inspect("worker-2");
   * await docker.nodes.update(ID, { ...Spec, Availability: "drain" }, { version: Version.Index });
   */
  update(
    id: string,
    spec: NodeSpec,
    options: CallOptions & parameters.NodeUpdateParameters,
  ): OperationCall<"NodeUpdate"> {
    return this.#engine.call("NodeUpdate", { ...split(options), path: { id }, body: spec });
  }

  /**
   * Removes a node that has left the swarm, or is down; `BadParameter` if it is not, or is a manager.
   *
   * `DELETE /nodes/{id}`, since API 1.40.
   *
   * @param options `force` removes it even if it is not down
   */
  remove(id: string, options: CallOptions & parameters.NodeDeleteParameters = {}): OperationCall<"NodeDelete"> {
    return this.#engine.call("NodeDelete", { ...split(options), path: { id } });
  }
}
