import type { UpdateStatus } from "../../generated/models.ts";
import { goTime } from "../state/timestamps.ts";
import type { SwarmParts } from "./orchestrator.ts";
import { type Service, templateOf, type UpdatePlan, updateDefaults } from "./service.ts";
import { hasEnded, type Task } from "./task.ts";

const nanosPerMs = 1_000_000;

/** What an updater has others do. */
interface UpdaterActions {
  /** Puts a new task in an old one's place; resolves when that runs, or has failed. */
  readonly replace: (old: Task, startFirst: boolean, signal: AbortSignal) => Promise<void>;
  /** The service has its previous specification again. */
  readonly rolledBack: (service: Service) => void;
}

/** Replaces the tasks of changed services step by step, and pauses or rolls back when they fail. */
export class Updater {
  readonly #parts: SwarmParts;
  readonly #actions: UpdaterActions;
  readonly #running = new Map<Service, AbortController>();

  constructor(parts: SwarmParts, actions: UpdaterActions) {
    this.#parts = parts;
    this.#actions = actions;
  }

  /** Replaces these tasks, which are not what the service wants any more; an update under way is left. */
  update(service: Service, outdated: readonly Task[]): void {
    this.stop(service);
    if (outdated.length === 0) {
      this.#complete(service);
      return;
    }
    const stopping = new AbortController();
    this.#running.set(service, stopping);
    void this.#run(service, outdated, stopping);
  }

  stop(service: Service): void {
    this.#running.get(service)?.abort();
    this.#running.delete(service);
  }

  async #run(service: Service, outdated: readonly Task[], stopping: AbortController): Promise<void> {
    if (!isUnderWay(service)) {
      this.#status(service, { State: "updating", StartedAt: this.#now(), Message: "update in progress" });
    }
    const config = configOf(service);
    const signal = AbortSignal.any([stopping.signal, this.#parts.closing]);
    const unlisten = this.#watchFailures(service, outdated.length, config, stopping);
    await this.#replaceAll([...outdated], config, signal);
    if (config.FailureAction !== "continue") {
      await this.#parts.ledger.clock.sleep(config.Monitor / nanosPerMs, signal);
    }
    unlisten();
    if (!signal.aborted) {
      this.#running.delete(service);
      this.#complete(service);
    }
  }

  async #replaceAll(queue: Task[], config: UpdatePlan, signal: AbortSignal): Promise<void> {
    const work = async () => {
      for (let task = queue.shift(); task !== undefined && !signal.aborted; task = queue.shift()) {
        await this.#actions.replace(task, config.Order === "start-first", signal);
        await this.#parts.ledger.clock.sleep(config.Delay / nanosPerMs, signal);
      }
    };
    await Promise.all(Array.from({ length: config.Parallelism || queue.length }, work));
  }

  /** Counts the new tasks that end by themselves, and acts when they are too many. */
  #watchFailures(service: Service, count: number, config: UpdatePlan, stopping: AbortController): () => void {
    const template = templateOf(service.spec);
    const failed = new Set<Task>();
    return this.#parts.tasks.listen((task) => {
      const isNew = task.service === service && task.template === template;
      if (!isNew || !hasEnded(task) || task.report.state === "shutdown" || failed.has(task)) {
        return;
      }
      failed.add(task);
      if (
        config.FailureAction !== "continue" &&
        failed.size / count > config.MaxFailureRatio &&
        !stopping.signal.aborted
      ) {
        stopping.abort();
        this.#fail(service, config, task);
      }
    });
  }

  #fail(service: Service, { FailureAction }: UpdatePlan, { ID }: Task): void {
    const isBack = isRollback(service);
    const reason = `due to failure or early termination of task ${ID}`;
    this.#running.delete(service);
    if (FailureAction === "rollback" && !isBack && service.previousSpec !== undefined) {
      service.spec = service.previousSpec;
      service.previousSpec = undefined;
      // swarmkit keeps the moment at which the update was begun.
      this.#status(service, {
        State: "rollback_started",
        StartedAt: service.updateStatus?.StartedAt,
        Message: `update rolled back ${reason}`,
      });
      this.#actions.rolledBack(service);
      return;
    }
    const [State, what] = isBack ? ["rollback_paused", "rollback"] : ["paused", "update"];
    this.#status(service, { ...service.updateStatus, State, Message: `${what} paused ${reason}` });
  }

  #complete(service: Service): void {
    if (isUnderWay(service)) {
      const [State, what] = isRollback(service) ? ["rollback_completed", "rollback"] : ["completed", "update"];
      const CompletedAt = this.#now();
      this.#status(service, { ...service.updateStatus, State, CompletedAt, Message: `${what} completed` });
    }
  }

  #status(service: Service, status: UpdateStatus): void {
    const { ledger } = this.#parts;
    const before = service.updateStatus?.State;
    service.updateStatus = status;
    ledger.stamp(service);
    ledger.tell("service", "update", service, {
      name: service.spec.Name ?? "",
      "updatestate.new": status.State ?? "",
      ...(before === undefined ? {} : { "updatestate.old": before }),
    });
  }

  #now(): string {
    return goTime(this.#parts.ledger.clock.now());
  }
}

function isUnderWay({ updateStatus }: Service): boolean {
  return updateStatus?.State === "updating" || updateStatus?.State === "rollback_started";
}

function isRollback({ updateStatus }: Service): boolean {
  return updateStatus?.State?.startsWith("rollback") ?? false;
}

function configOf(service: Service): UpdatePlan {
  const { UpdateConfig: update, RollbackConfig: rollback } = service.spec;
  const asked = (isRollback(service) ? rollback : update) ?? {};
  return {
    Parallelism: asked.Parallelism ?? updateDefaults.Parallelism,
    Delay: asked.Delay ?? updateDefaults.Delay,
    FailureAction: asked.FailureAction || updateDefaults.FailureAction,
    Monitor: asked.Monitor || updateDefaults.Monitor,
    MaxFailureRatio: asked.MaxFailureRatio ?? updateDefaults.MaxFailureRatio,
    Order: asked.Order || updateDefaults.Order,
  };
}
