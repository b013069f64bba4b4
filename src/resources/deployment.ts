import { setTimeout as delay } from "node:timers/promises";
import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import { Lifetime } from "../engine/lifetime.ts";
import { DeployError, type DeployFailure } from "../errors/deploy-error.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import { TimeoutError } from "../errors/timeout-error.ts";
import type { Service, Task } from "../generated/models.ts";
import type { Answer } from "../generated/outcome.ts";
import type { ServiceCreateOutcome, ServiceUpdateOutcome } from "../generated/outcomes.ts";
import { countTasks, isJob, isReady } from "./convergence.ts";
import type { DeployEvent, DeployOptions, DeployOutcome, DeployResult, DeploySpec } from "./deploy.ts";
import type { ProgressReader } from "./progress-call.ts";

type Begun =
  | Answer<"Succeeded", 200 | 201, AsyncIterable<DeployEvent>>
  | Exclude<DeployOutcome, { readonly value: unknown }>;

/** How often the swarm is asked, as the docker CLI does. */
const intervalMs = 200;

/** For how long the tasks must run, if the service does not say: the swarm's own default. */
const defaultMonitorMs = 5_000;

/** How often an update is tried that others overtake: the swarm itself changes services while it updates them. */
const maxAttempts = 5;

/** One deployment: makes or changes the service, and follows it until it has converged. */
export class Deployment implements ProgressReader<DeployResult, DeployEvent> {
  /** The operation that answered last. */
  operation: "ServiceInspect" | "ServiceCreate" | "ServiceUpdate" = "ServiceInspect";
  readonly #engine: Engine;
  readonly #spec: DeploySpec;
  readonly #options: DeployOptions;
  readonly #taskErrors = new Set<string>();
  #result: DeployResult = { ID: "", Warnings: [] };
  /** Why the swarm rolls back: later it only says that it has. */
  #whyBack: string | undefined;

  constructor(engine: Engine, spec: DeploySpec, options: DeployOptions) {
    this.#engine = engine;
    this.#spec = spec;
    this.#options = options;
  }

  /** Its events go by: all that counts is the end. */
  add(): void {}

  result(): DeployResult {
    return this.#result;
  }

  /** Makes or changes the service. Asynchronous, so that what cannot be sent rejects the call. */
  async begin(): Promise<Begun> {
    if (!this.#spec.Name) {
      throw new InvalidRequestError("A service that is deployed needs a name", { parameter: "Name" });
    }
    const lifetime = new Lifetime(this.#options);
    try {
      lifetime.check();
      const outcome = await this.#apply(lifetime.signal);
      if (!("error" in outcome)) {
        return { ...outcome, value: this.#follow(lifetime) };
      }
      lifetime.dispose();
      return outcome;
    } catch (error) {
      const reason = lifetime.reason(error);
      lifetime.dispose();
      throw reason;
    }
  }

  async #apply(signal: AbortSignal): Promise<ServiceCreateOutcome | ServiceUpdateOutcome> {
    for (let attempt = 1; ; attempt += 1) {
      const existing = await this.#find(signal);
      if (existing !== undefined && "error" in existing) {
        return existing;
      }
      const outcome = await (existing === undefined ? this.#create(signal) : this.#update(existing, signal));
      const overtaken = "error" in outcome && /out of sequence/.test(outcome.error.message);
      if (!overtaken || attempt === maxAttempts) {
        return outcome;
      }
    }
  }

  async #find(signal: AbortSignal) {
    this.operation = "ServiceInspect";
    const input = { ...this.#own(signal), path: { id: this.#spec.Name } };
    const outcome = await this.#engine.call("ServiceInspect", input).outcome();
    switch (outcome.kind) {
      case "Succeeded":
        // The engine takes the beginning of an id for the service as well.
        return outcome.value.Spec.Name === this.#spec.Name ? outcome.value : undefined;
      case "NoSuchService":
        return undefined;
      default:
        return outcome;
    }
  }

  async #create(signal: AbortSignal): Promise<ServiceCreateOutcome> {
    this.operation = "ServiceCreate";
    const { registryAuth } = this.#options;
    const input = { ...this.#own(signal), parameters: { registryAuth }, body: this.#spec };
    const outcome = await this.#engine.call("ServiceCreate", input).outcome();
    if (outcome.kind === "Succeeded") {
      this.#result = { ID: outcome.value.ID, Warnings: outcome.value.Warnings ?? [] };
    }
    return outcome;
  }

  async #update({ ID, Version, Spec }: Service, signal: AbortSignal): Promise<ServiceUpdateOutcome> {
    this.operation = "ServiceUpdate";
    const { registryAuth } = this.#options;
    // As `docker stack deploy` does: a service that was restarted by force once need not restart for that now.
    const TaskTemplate = { ForceUpdate: Spec.TaskTemplate?.ForceUpdate, ...this.#spec.TaskTemplate };
    const outcome = await this.#engine
      .call("ServiceUpdate", {
        ...this.#own(signal),
        path: { id: ID },
        parameters: { version: Version.Index, registryAuth },
        body: { ...this.#spec, TaskTemplate },
      })
      .outcome();
    if (outcome.kind === "Succeeded") {
      this.#result = { ID, Warnings: outcome.value.Warnings ?? [] };
    }
    return outcome;
  }

  /** The progress; who leaves it, even before its first event, ends it. */
  #follow(lifetime: Lifetime): AsyncIterable<DeployEvent> {
    const events = this.#events(lifetime);
    const leave = (): Promise<IteratorResult<DeployEvent, void>> => {
      lifetime.dispose();
      return events.return();
    };
    return { [Symbol.asyncIterator]: () => ({ next: () => events.next(), return: leave }) };
  }

  /** Ends when the service has converged. */
  async *#events(lifetime: Lifetime): AsyncGenerator<DeployEvent, void, undefined> {
    let told = "";
    let readySince: number | undefined;
    try {
      for (;;) {
        lifetime.check();
        const { service, event } = await this.#look(lifetime.signal);
        if (JSON.stringify(event) !== told) {
          told = JSON.stringify(event);
          yield event;
        }
        this.#refuseFailure(service);
        readySince = isReady(service, event) ? (readySince ?? Date.now()) : undefined;
        if (readySince !== undefined && isStable(service, Date.now() - readySince)) {
          return;
        }
        await delay(intervalMs, undefined, { signal: lifetime.signal });
      }
    } catch (error) {
      throw this.#explain(lifetime.reason(error));
    } finally {
      lifetime.dispose();
    }
  }

  async #look(signal: AbortSignal): Promise<{ service: Service; event: DeployEvent }> {
    const own = this.#own(signal);
    const service = await this.#engine.call("ServiceInspect", { ...own, path: { id: this.#result.ID } });
    // Undocumented: leaves out the tasks of former specifications. It is what the docker CLI uses.
    const filters = { service: [service.ID], "_up-to-date": ["true"] };
    const [tasks, nodes] = await Promise.all([
      this.#engine.call("TaskList", { ...own, parameters: { filters } }),
      this.#engine.call("NodeList", own),
    ]);
    this.#collectErrors(tasks);
    await this.#collectErrorsOfUpdate(service, own);
    const updateState = service.UpdateStatus?.State;
    return { service, event: { ...countTasks(service, tasks, nodes), updateState, taskErrors: [...this.#taskErrors] } };
  }

  /** A rollback makes the specification that failed a former one, and so leaves out its tasks. */
  async #collectErrorsOfUpdate({ ID, UpdateStatus }: Service, own: CallOptions): Promise<void> {
    const { State, StartedAt } = UpdateStatus ?? {};
    if (StartedAt && State?.startsWith("rollback_")) {
      const tasks = await this.#engine.call("TaskList", { ...own, parameters: { filters: { service: [ID] } } });
      // Both times are the manager's.
      this.#collectErrors(tasks.filter(({ CreatedAt }) => Date.parse(CreatedAt) >= Date.parse(StartedAt)));
    }
  }

  #collectErrors(tasks: readonly Task[]): void {
    for (const { Status } of tasks) {
      if (Status.Err) {
        this.#taskErrors.add(Status.Err);
      }
    }
  }

  /** @throws DeployError if the swarm has given up. */
  #refuseFailure({ UpdateStatus }: Service): void {
    const { State = "", Message } = UpdateStatus ?? {};
    const reason = failures.get(State);
    if (reason !== undefined) {
      throw this.#failure(reason, reason === "rolled-back" ? (this.#whyBack ?? Message) : Message);
    }
    this.#whyBack = State === "rollback_started" ? Message : this.#whyBack;
  }

  #failure(reason: DeployFailure, engineMessage: string = ""): DeployError {
    const facts = { reason, service: this.#result.ID, engineMessage, taskErrors: [...this.#taskErrors] };
    return new DeployError(facts, { operation: this.operation });
  }

  /** A time limit alone does not say what is wrong. */
  #explain(error: unknown): unknown {
    return error instanceof TimeoutError && error.timeout === "total"
      ? new TimeoutError("total", error.limitMs, { cause: this.#failure("not-converged") })
      : error;
  }

  #own(signal: AbortSignal): CallOptions {
    return { signal, timeouts: this.#options.timeouts };
  }
}

const failures: ReadonlyMap<string, DeployFailure> = new Map([
  ["paused", "paused"],
  ["rollback_completed", "rolled-back"],
  ["rollback_paused", "rollback-paused"],
]);

/** Whether tasks that have been ready for that long are so for good. */
function isStable(service: Service, readyMs: number): boolean {
  switch (service.UpdateStatus?.State) {
    case "completed":
      return true;
    case "updating":
    case "rollback_started":
      return false;
    default: {
      const { Monitor } = service.Spec.UpdateConfig ?? {};
      return isJob(service) || readyMs >= (Monitor ? Monitor / 1e6 : defaultMonitorMs);
    }
  }
}
