import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type { ServiceSpec } from "../generated/models.ts";
import type * as parameters from "../generated/parameters.ts";
import { type DeployCall, type DeployOptions, type DeploySpec, deployService } from "./deploy.ts";
import { readServiceLogs, type ServiceLogsCall, type ServiceLogsOptions } from "./logs.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";

/**
 * The services of a swarm. `id` is always a service's id, an unambiguous beginning of it, or its name.
 *
 * Every method throws (or, through `outcome()`, gives as data) the answers that its operation documents: `NotInSwarm`
 * if the engine is no manager of a swarm. All of them throw an `InvalidRequestError` before anything is sent if an
 * argument cannot be sent.
 */
export class Services {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Lists services.
   *
   * `GET /services`, since API 1.40.
   *
   * @param options `status` (since API 1.41) adds `ServiceStatus`, which counts the tasks
   *
   * @example
   * for (const { Spec, ServiceStatus } of await docker.services.list({ status: true })) {
   *   console.log(Spec.Name, ServiceStatus?.RunningTasks, ServiceStatus?.DesiredTasks);
   * }
   */
  list(options: CallOptions & parameters.ServiceListParameters = {}): OperationCall<"ServiceList"> {
    return this.#engine.call("ServiceList", split(options));
  }

  /**
   * Creates a service, without waiting until its tasks run.
   *
   * `POST /services/create`, since API 1.40.
   *
   * @param spec what to run; `TaskTemplate.ContainerSpec.Image` is needed
   * @param options `registryAuth` are the credentials with which the nodes pull the image, and which the swarm keeps;
   *   `true` stands for those that this client has for its registry (default: none)
   * @returns the new service's `ID`, and the engine's `Warnings`
   *
   * @example
   * const { ID } = await docker.services.create({
   *   Name: "web",
   *   TaskTemplate: { ContainerSpec: { Image: "nginx:alpine" } },
   *   Mode: { Replicated: { Replicas: 3 } },
   * });
   */
  create(
    spec: ServiceSpec,
    options: CallOptions & parameters.ServiceCreateParameters = {},
  ): OperationCall<"ServiceCreate"> {
    return this.#engine.call("ServiceCreate", { ...split(options), body: spec });
  }

  /**
   * Gives everything that the swarm knows of a service.
   *
   * `GET /services/{id}`, since API 1.40.
   *
   * @param options `insertDefaults` fills the defaults of the swarm into `Spec`
   */
  inspect(
    id: string,
    options: CallOptions & parameters.ServiceInspectParameters = {},
  ): OperationCall<"ServiceInspect"> {
    return this.#engine.call("ServiceInspect", { ...split(options), path: { id } });
  }

  /**
   * Changes a service, without waiting until its new tasks run.
   *
   * `POST /services/{id}/update`, since API 1.40.
   *
   * @param spec the service's whole new specification: what is left out is reset, not kept
   * @param options `version` is the `Version.Index` that `inspect` gave: the engine refuses the change of a service that
   *   was changed in between; `rollback: "previous"` goes back to the specification before, whatever `spec` says;
   *   `registryAuth` are the credentials with which the nodes pull the image, or `true` for those that this client has;
   *   without it `registryAuthFrom` takes those of the present (`spec`, the default) or the former (`previous-spec`)
   *   specification
   *
   * @example
   * const { ID, Spec, Version } = await docker.services.inspect("web");
   * const scaled = { ...Spec, Mode: { Replicated: { Replicas: 5 } } };
   * await docker.services.update(ID, scaled, { version: Version.Index });
   */
  update(
    id: string,
    spec: ServiceSpec,
    options: CallOptions & parameters.ServiceUpdateParameters,
  ): OperationCall<"ServiceUpdate"> {
    return this.#engine.call("ServiceUpdate", { ...split(options), path: { id }, body: spec });
  }

  /**
   * Removes a service. Its tasks are stopped afterwards.
   *
   * `DELETE /services/{id}`, since API 1.40.
   */
  remove(id: string, options: CallOptions = {}): OperationCall<"ServiceDelete"> {
    return this.#engine.call("ServiceDelete", { ...split(options), path: { id } });
  }

  /**
   * Creates the service of that name or, if there is one, changes it, and waits until its tasks run. `await` it to have it
   * done, or iterate it for the progress. Leaving the loop ends the waiting and not what the swarm does.
   *
   * A service has converged when all its tasks run and have done so for `UpdateConfig.Monitor` nanoseconds (default:
   * 5 seconds), or when the swarm says that its update is completed; a job, when all its tasks are complete. Tasks that
   * cannot run are tried again and again, so give it a time limit.
   *
   * `GET /services/{id}`, `POST /services/create` or `…/{id}/update`, `GET /tasks` and `/nodes`, since API 1.40.
   *
   * @param spec the service's whole specification: what is left out is reset, not kept, but for
   *   `TaskTemplate.ForceUpdate`
   * @returns its `ID` and the engine's `Warnings`
   * @throws DeployError if the update fails and the swarm pauses it or rolls it back; TimeoutError after `timeoutMs`, with a
   *   DeployError as its `cause`; AbortError
   *
   * @example
   * const spec = { Name: "web", TaskTemplate: { ContainerSpec: { Image: "nginx:alpine" } } };
   * for await (const { ready, desired } of docker.services.deploy(spec, { timeoutMs: 120_000 })) {
   *   console.log(`${ready} of ${desired}`);
   * }
   */
  deploy(spec: DeploySpec, options: DeployOptions = {}): DeployCall {
    return deployService(this.#engine, spec, options);
  }

  /**
   * Reads what the tasks of a service have printed, and with `follow: true` what they go on to print. The lines of
   * several tasks come in no particular order.
   *
   * `GET /services/{id}/logs`, since API 1.40. An engine that speaks less than API 1.42 does not say whether the tasks
   * have terminals: then the service is inspected too, unless `tty` says so.
   *
   * @param options `stdout` and `stderr` choose the streams (default: both); `details` begins each line with the node,
   *   service and task; `since`, `tail` and `timestamps` as the Engine has them
   * @returns a call that may be iterated for frames of bytes, or read with `lines()` or `text()`
   * @throws (the stream) ResponseError if it breaks off; EngineStreamError if the engine reports that it cannot go on
   *
   * @example
   * for await (const { stream, text } of docker.services.logs("web", { follow: true }).lines()) {
   *   console.log(stream, text);
   * }
   */
  logs(id: string, options: ServiceLogsOptions = {}): ServiceLogsCall {
    return readServiceLogs(this.#engine, id, options);
  }
}
