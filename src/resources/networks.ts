import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type { NetworkConnectRequest, NetworkCreateRequest, NetworkDisconnectRequest } from "../generated/models.ts";
import type * as parameters from "../generated/parameters.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";

/**
 * Networks. `id` is always a network's id, an unambiguous beginning of it, or its name.
 *
 * Every method throws (or, through `outcome()`, gives as data) the answers that its operation documents. All of them
 * throw an `InvalidRequestError` before anything is sent if an argument cannot be sent.
 */
export class Networks {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Lists networks. What is connected to them is told by `inspect` alone.
   *
   * `GET /networks`, since API 1.40.
   *
   * @example
   * const bridges = await docker.networks.list({ filters: { driver: ["bridge"] } });
   */
  list(options: CallOptions & parameters.NetworkListParameters = {}): OperationCall<"NetworkList"> {
    return this.#engine.call("NetworkList", split(options));
  }

  /**
   * Creates a network; `NameInUse` if there is one of that name. Engines before API 1.44 check that only with
   * `CheckDuplicate: true`, and else make another network of the same name.
   *
   * `POST /networks/create`, since API 1.40.
   *
   * @param spec what to create; `Name` is the one field that is always needed, `Driver` is `bridge` by default
   * @returns the new network's `Id`, and the engine's `Warning`
   *
   * @example
   * const { Id } = await docker.networks.create({ Name: "backend", Internal: true });
   */
  create(spec: NetworkCreateRequest, options: CallOptions = {}): OperationCall<"NetworkCreate"> {
    return this.#engine.call("NetworkCreate", { ...split(options), body: spec });
  }

  /**
   * Gives everything that the engine knows of a network, and which containers are connected to it.
   *
   * `GET /networks/{id}`, since API 1.40.
   *
   * @param options `verbose` adds the services and peers of a swarm's network; `scope` (`local`, `global`, `swarm`)
   *   chooses among networks of one name
   */
  inspect(
    id: string,
    options: CallOptions & parameters.NetworkInspectParameters = {},
  ): OperationCall<"NetworkInspect"> {
    return this.#engine.call("NetworkInspect", { ...split(options), path: { id } });
  }

  /**
   * Removes a network; `Forbidden` if it is the engine's own or containers are connected to it.
   *
   * `DELETE /networks/{id}`, since API 1.40.
   */
  remove(id: string, options: CallOptions = {}): OperationCall<"NetworkDelete"> {
    return this.#engine.call("NetworkDelete", { ...split(options), path: { id } });
  }

  /**
   * Connects a container, running or not, to a network.
   *
   * `POST /networks/{id}/connect`, since API 1.40.
   *
   * @param endpoint `Container` is its id or name; `EndpointConfig` gives it aliases or an address
   *
   * @example
   * await docker.networks.connect("backend", { Container: "web", EndpointConfig: { Aliases: ["www"] } });
   */
  connect(id: string, endpoint: NetworkConnectRequest, options: CallOptions = {}): OperationCall<"NetworkConnect"> {
    return this.#engine.call("NetworkConnect", { ...split(options), path: { id }, body: endpoint });
  }

  /**
   * Disconnects a container from a network.
   *
   * `POST /networks/{id}/disconnect`, since API 1.40.
   *
   * @param endpoint `Container` is its id or name; `Force` disconnects it even if it is gone already
   */
  disconnect(
    id: string,
    endpoint: NetworkDisconnectRequest,
    options: CallOptions = {},
  ): OperationCall<"NetworkDisconnect"> {
    return this.#engine.call("NetworkDisconnect", { ...split(options), path: { id }, body: endpoint });
  }

  /**
   * Removes all networks to which no container is connected.
   *
   * `POST /networks/prune`, since API 1.40. It may take long, so only the connecting has a time limit by default.
   *
   * @returns the names of the removed networks
   */
  prune(options: CallOptions & parameters.NetworkPruneParameters = {}): OperationCall<"NetworkPrune"> {
    return this.#engine.call("NetworkPrune", split(options));
  }
}
