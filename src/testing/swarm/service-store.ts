import type { AuthConfig, ServiceSpec } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";
import { goTime } from "../state/timestamps.ts";
import type { World } from "../state/world.ts";
import type { Cluster } from "./cluster.ts";
import { checkVersion, invalid } from "./ledger.ts";
import { ObjectStore } from "./object-store.ts";
import { isJob, modeOf, type Service } from "./service.ts";
import { readServiceSpec } from "./service-spec.ts";

/** The services of a swarm. */
export class ServiceStore extends ObjectStore<Service> {
  readonly #world: Pick<World, "networks" | "clock">;
  readonly #cluster: ServiceStoreParts;

  constructor(world: Pick<World, "networks" | "clock">, cluster: ServiceStoreParts) {
    super("service", ({ spec }) => spec.Name ?? "");
    this.#world = world;
    this.#cluster = cluster;
  }

  /** @throws Refusal in dockerd's words if the specification is not valid, or its name taken. */
  create(request: ServiceSpec, registryAuth: AuthConfig): Service {
    const { ledger, orchestrator } = this.#cluster;
    const spec = this.#read({ ...request, Name: request.Name || `service_${this.all().length + 1}` });
    if (this.named(spec.Name ?? "") !== undefined) {
      throw new Refusal(
        409,
        `rpc error: code = AlreadyExists desc = name conflicts with an existing object: service ${spec.Name} already exists`,
      );
    }
    const service: Service = {
      ...ledger.begin(),
      spec,
      previousSpec: undefined,
      updateStatus: undefined,
      registryAuth,
      jobIteration: 0,
      lastExecutionMs: this.#world.clock.now(),
      removed: false,
    };
    this.add(service);
    this.#tell(service, "create");
    orchestrator.reconcile(service);
    return service;
  }

  /**
   * @param registryAuth - default: what it had
   * @throws Refusal if the service has changed since that version, or cannot be changed so.
   */
  update(service: Service, request: ServiceSpec, version: number, registryAuth?: AuthConfig): void {
    const spec = this.#read(request);
    if (spec.Name !== service.spec.Name) {
      throw unimplemented("renaming services is not supported");
    }
    if (modeOf(spec) !== modeOf(service.spec)) {
      throw unimplemented("service mode change is not allowed");
    }
    checkVersion(service, version);
    if (isJob(spec) && spec.TaskTemplate?.ForceUpdate !== service.spec.TaskTemplate?.ForceUpdate) {
      service.jobIteration += 1;
      service.lastExecutionMs = this.#world.clock.now();
    }
    service.previousSpec = service.spec;
    service.spec = spec;
    service.registryAuth = registryAuth ?? service.registryAuth;
    service.updateStatus = undefined;
    this.#changed(service);
  }

  /** Goes back to the specification before the last change; @throws Refusal if there is none. */
  rollBack(service: Service, version: number): void {
    checkVersion(service, version);
    const { previousSpec, spec } = service;
    if (previousSpec === undefined) {
      throw new Refusal(
        400,
        `rpc error: code = FailedPrecondition desc = service ${service.ID} does not have a previous spec`,
      );
    }
    service.spec = previousSpec;
    service.previousSpec = spec;
    const StartedAt = goTime(this.#world.clock.now());
    service.updateStatus = { State: "rollback_started", StartedAt, Message: "manually requested rollback" };
    this.#changed(service);
  }

  delete(service: Service): void {
    service.removed = true;
    this.remove(service);
    this.#tell(service, "remove");
    this.#cluster.orchestrator.removed(service);
  }

  /** Checks a specification, and that what it refers to is there. */
  #read(request: ServiceSpec): ServiceSpec {
    const spec = readServiceSpec(request);
    const { secrets, configs } = this.#cluster;
    const { Secrets = [], Configs = [] } = spec.TaskTemplate?.ContainerSpec ?? {};
    const secret = Secrets.find(({ SecretID = "" }) => secrets.get(SecretID) === undefined);
    const config = Configs.find(({ ConfigID = "" }) => configs.get(ConfigID) === undefined);
    if (secret) {
      throw invalid(`secret not found: ${secret.SecretName}`);
    }
    if (config) {
      throw invalid(`config not found: ${config.ConfigName}`);
    }
    // Until API 1.43 networks could stand beside the task (moby:daemon/cluster/services.go).
    const { Networks, ...rest } = spec;
    const targets = spec.TaskTemplate?.Networks ?? Networks;
    if (targets === undefined) {
      return spec;
    }
    const found = targets.map((network) => ({ ...network, Target: this.#networkId(network.Target ?? "") }));
    return { ...rest, TaskTemplate: { ...spec.TaskTemplate, Networks: found } };
  }

  #networkId(target: string): string {
    try {
      return this.#world.networks.find(target).Id;
    } catch {
      throw new Refusal(500, `network ${target} not found`);
    }
  }

  #changed(service: Service): void {
    this.#cluster.ledger.stamp(service);
    this.#tell(service, "update");
    this.#cluster.orchestrator.reconcile(service);
  }

  #tell(service: Service, action: string): void {
    this.#cluster.ledger.tell("service", action, service, { name: service.spec.Name ?? "" });
  }
}

type ServiceStoreParts = Pick<Cluster, "ledger" | "orchestrator" | "secrets" | "configs">;

function unimplemented(what: string): Refusal {
  return new Refusal(501, `rpc error: code = Unimplemented desc = ${what}`);
}
