import type { TaskState } from "../../generated/models.ts";
import type { Ledger } from "./ledger.ts";
import { type SwarmNode, unsuitable } from "./node.ts";
import { RestartSupervisor } from "./restart-supervisor.ts";
import { isJob, jobSizeOf, modeOf, replicasOf, type Service, templateOf } from "./service.ts";
import { hasEnded, isWanted, type Task } from "./task.ts";
import type { TaskRunner } from "./task-runner.ts";
import type { TaskStore } from "./task-store.ts";
import { Updater } from "./updater.ts";

/** What an orchestrator works with. */
export interface SwarmParts {
  readonly ledger: Ledger;
  readonly node: SwarmNode;
  readonly tasks: TaskStore;
  readonly runner: TaskRunner;
  /** How many tasks of one slot are kept, of those that have ended. */
  readonly keptTasks: () => number;
  readonly closing: AbortSignal;
}

/** Sees to it that there are the tasks that the services want. */
export class Orchestrator {
  readonly #parts: SwarmParts;
  readonly #restarts: RestartSupervisor;
  readonly #updater: Updater;

  constructor(parts: SwarmParts) {
    this.#parts = parts;
    this.#restarts = new RestartSupervisor(parts, (service, slot, desired) => this.#begin(service, slot, desired));
    this.#updater = new Updater(parts, {
      replace: (task, startFirst, signal) => this.#replace(task, startFirst, signal),
      rolledBack: (service) => this.reconcile(service),
    });
    parts.tasks.listen((task) => this.#noticed(task));
  }

  /** Makes, ends and replaces tasks after a service was made or changed. */
  reconcile(service: Service): void {
    if (isJob(service.spec)) {
      this.#endOlderIterations(service);
      this.#continueJob(service);
      return;
    }
    const live = this.#parts.tasks.of(service).filter(isWanted);
    for (const task of this.#surplus(service, live)) {
      void this.#endAndDiscard(task);
    }
    for (const slot of this.#missing(service, live)) {
      this.#begin(service, slot, "running");
    }
    const template = templateOf(service.spec);
    this.#updater.update(
      service,
      live.filter((task) => isWanted(task) && task.template !== template),
    );
  }

  /** Ends all tasks of a service that was removed. */
  removed(service: Service): void {
    this.#updater.stop(service);
    for (const task of this.#parts.tasks.of(service)) {
      void this.#endAndDiscard(task);
    }
  }

  /** Sends tasks to the node, or away from it, after the node was changed. */
  nodeChanged(): void {
    const { node, tasks } = this.#parts;
    for (const task of tasks.all().filter((each) => isWanted(each) && !hasEnded(each))) {
      if (task.report.state === "pending") {
        this.#schedule(task);
      } else if (node.spec.Availability === "drain") {
        tasks.want(task, "shutdown");
        void this.#parts.runner.end(task);
        this.#begin(task.service, task.slot, task.desired === "complete" ? "complete" : "running");
      }
    }
  }

  #begin(service: Service, slot: number | undefined, desired: TaskState): Task {
    const task = this.#parts.tasks.make(service, { slot, desired });
    this.#schedule(task);
    return task;
  }

  /** Runs a task if the node takes it; else it waits for a change of the node. */
  #schedule(task: Task): void {
    const { node, tasks } = this.#parts;
    const running = tasks
      .of(task.service)
      .filter((other) => other.nodeId !== undefined && isWanted(other) && !hasEnded(other));
    const reason = unsuitable(node, task, running.length);
    if (reason !== undefined) {
      tasks.note(task, "pending", "pending task scheduling", reason);
      return;
    }
    task.nodeId = node.ID;
    tasks.note(task, "assigned", "scheduler assigned task to node");
    // Whoever has asked for the task has its answer before it runs.
    setImmediate(() => void this.#run(task));
  }

  async #run(task: Task): Promise<void> {
    if (!hasEnded(task) && !this.#parts.closing.aborted) {
      await this.#parts.runner.run(task);
    }
  }

  /** Goes on when a task has ended by itself. */
  #noticed(task: Task): void {
    const { tasks, closing } = this.#parts;
    if (!hasEnded(task) || !isWanted(task) || closing.aborted || tasks.get(task.ID) === undefined) {
      return;
    }
    const { service, report } = task;
    const jobIsDone = isJob(service.spec) && report.state === "complete";
    if (!jobIsDone) {
      // Told to nobody yet: an update that fails with this task must find another in its place.
      task.desired = "shutdown";
      this.#restarts.restart(task);
    } else if (modeOf(service.spec) === "replicated-job") {
      this.#continueJob(service);
    }
  }

  #surplus({ spec }: Service, live: readonly Task[]): Task[] {
    if (modeOf(spec) === "global") {
      return [];
    }
    return live.toSorted((a, b) => (a.slot ?? 0) - (b.slot ?? 0)).slice(replicasOf(spec));
  }

  #missing({ spec }: Service, live: readonly Task[]): (number | undefined)[] {
    if (modeOf(spec) === "global") {
      return live.length === 0 ? [undefined] : [];
    }
    const taken = new Set(live.map(({ slot }) => slot));
    const free: number[] = [];
    for (let slot = 1; taken.size + free.length < replicasOf(spec); slot += 1) {
      if (!taken.has(slot)) {
        free.push(slot);
      }
    }
    return free;
  }

  /** Begins as many further runs of a job as may run at once. */
  #continueJob(service: Service): void {
    const { tasks, closing } = this.#parts;
    const current = tasks.of(service).filter(({ jobIteration }) => jobIteration === service.jobIteration);
    if (modeOf(service.spec) === "global-job") {
      if (current.length === 0) {
        this.#begin(service, undefined, "complete");
      }
      return;
    }
    const { total, atOnce } = jobSizeOf(service.spec);
    const taken = new Set(current.map(({ slot }) => slot));
    let active = current.filter((task) => isWanted(task) && !hasEnded(task)).length;
    for (let slot = 0; slot < total && active < atOnce && !closing.aborted; slot += 1) {
      if (!taken.has(slot)) {
        this.#begin(service, slot, "complete");
        active += 1;
      }
    }
  }

  #endOlderIterations(service: Service): void {
    const older = this.#parts.tasks.of(service).filter(({ jobIteration }) => jobIteration < service.jobIteration);
    for (const task of older) {
      void this.#endAndDiscard(task);
    }
  }

  async #endAndDiscard(task: Task): Promise<void> {
    this.#parts.tasks.want(task, "remove");
    await this.#parts.runner.end(task);
    await this.#parts.runner.discard(task);
  }

  /** Puts a task made of the new specification in an old one's place; resolves with it when it runs, or has failed. */
  async #replace(old: Task, startFirst: boolean, signal: AbortSignal): Promise<void> {
    const { tasks, runner } = this.#parts;
    const start = async () => {
      const task = this.#begin(old.service, old.slot, "running");
      await tasks.when(task, (each) => each.report.state === "running" || hasEnded(each), signal);
    };
    const end = async () => {
      tasks.want(old, "shutdown");
      await runner.end(old);
    };
    await (startFirst ? start() : end());
    if (!signal.aborted) {
      await (startFirst ? end() : start());
    }
    this.#restarts.prune(old);
  }
}
