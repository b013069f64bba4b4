import type { TaskState } from "../../generated/models.ts";
import type { Ledger } from "./ledger.ts";
import { ObjectStore } from "./object-store.ts";
import type { Service } from "./service.ts";
import { templateOf } from "./service.ts";
import { type Task, taskName } from "./task.ts";

/** Where a new task is to be. */
export interface TaskPlace {
  readonly slot: number | undefined;
  readonly desired: TaskState;
}

/** The tasks of a swarm; whoever waits for a change of one is told. */
export class TaskStore extends ObjectStore<Task> {
  readonly #ledger: Ledger;
  readonly #listeners = new Set<(task: Task) => void>();

  constructor(ledger: Ledger) {
    super("task", taskName);
    this.#ledger = ledger;
  }

  of(service: Service): Task[] {
    return this.all().filter((task) => task.service === service);
  }

  make(service: Service, { slot, desired }: TaskPlace): Task {
    const { ContainerSpec, ...rest } = service.spec.TaskTemplate ?? {};
    const task: Task = {
      ...this.#ledger.begin(),
      service,
      slot,
      spec: { ContainerSpec, ...rest },
      template: templateOf(service.spec),
      jobIteration: service.jobIteration,
      nodeId: undefined,
      desired,
      report: { state: "new", message: "created", error: "", atMs: this.#ledger.clock.now() },
      container: undefined,
    };
    this.add(task);
    this.#tell(task);
    return task;
  }

  /** Notes what a task does now. */
  note(task: Task, state: TaskState, message: string, error: string = ""): void {
    task.report = { state, message, error, atMs: this.#ledger.clock.now() };
    this.#tell(task);
  }

  /** Notes what a task is to do. */
  want(task: Task, desired: TaskState): void {
    task.desired = desired;
    this.#tell(task);
  }

  /** Forgets a task. */
  drop(task: Task): void {
    this.remove(task);
    this.#tell(task);
  }

  /** Calls `listener` with every task that is made, changed or forgotten. Returns what ends that. */
  listen(listener: (task: Task) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when the condition is true of a task, or on the signal. */
  async when(task: Task, condition: (task: Task) => boolean, signal: AbortSignal): Promise<void> {
    if (condition(task) || signal.aborted) {
      return;
    }
    await new Promise<void>((resolve) => {
      const settle = () => {
        unlisten();
        signal.removeEventListener("abort", settle);
        resolve();
      };
      const unlisten = this.listen((changed) => {
        if (changed === task && condition(task)) settle();
      });
      signal.addEventListener("abort", settle);
    });
  }

  #tell(task: Task): void {
    this.#ledger.stamp(task);
    for (const listener of [...this.#listeners]) {
      listener(task);
    }
  }
}
