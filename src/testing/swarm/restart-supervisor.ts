import type { TaskState } from "../../generated/models.ts";
import type { SwarmParts } from "./orchestrator.ts";
import { isJob, type Service } from "./service.ts";
import { hasEnded, isSamePlace, isWanted, type Task } from "./task.ts";

/** swarmkit:api/defaults/service.go */
const defaultDelayNanos = 5_000_000_000;
const nanosPerMs = 1_000_000;

type Begin = (service: Service, slot: number | undefined, desired: TaskState) => Task;

/** Begins tasks anew that have ended, as their restart policies say. */
export class RestartSupervisor {
  readonly #parts: SwarmParts;
  readonly #begin: Begin;
  /** When tasks were begun anew, by service and slot. */
  readonly #history = new Map<string, number[]>();

  constructor(parts: SwarmParts, begin: Begin) {
    this.#parts = parts;
    this.#begin = begin;
  }

  /** Puts another task in the place of one that has ended, if it is to have one. */
  restart(task: Task): void {
    const { service, slot } = task;
    if (service.removed || !this.#isAllowed(task)) {
      return;
    }
    const desired = isJob(service.spec) ? "complete" : "running";
    const next = this.#begin(service, slot, "ready");
    this.prune(task);
    void this.#runLater(next, desired);
  }

  /** Forgets the oldest tasks that have ended in the place of this one, and their containers. */
  prune(task: Task): void {
    const { tasks, runner, keptTasks } = this.#parts;
    const here = tasks.of(task.service).filter((other) => isSamePlace(other, task));
    const surplus = here
      .filter((each) => hasEnded(each) && !isWanted(each))
      .slice(0, Math.max(0, here.length - keptTasks()));
    for (const old of surplus) {
      void runner.discard(old);
    }
  }

  async #runLater(task: Task, desired: TaskState): Promise<void> {
    const { ledger, tasks, closing } = this.#parts;
    const delayMs = (task.spec.RestartPolicy?.Delay ?? defaultDelayNanos) / nanosPerMs;
    await ledger.clock.sleep(delayMs, closing);
    if (task.desired === "ready" && !closing.aborted) {
      tasks.want(task, desired);
    }
  }

  #isAllowed({ spec, service, slot, report }: Task): boolean {
    const { Condition = "any", MaxAttempts = 0, Window = 0 } = spec.RestartPolicy ?? {};
    if (Condition === "none" || (Condition === "on-failure" && report.state === "complete")) {
      return false;
    }
    const key = `${service.ID}.${slot}.${service.jobIteration}`;
    const now = this.#parts.ledger.clock.now();
    const since = Window > 0 ? now - Window / nanosPerMs : Number.NEGATIVE_INFINITY;
    const recent = (this.#history.get(key) ?? []).filter((atMs) => atMs >= since);
    if (MaxAttempts > 0 && recent.length >= MaxAttempts) {
      return false;
    }
    this.#history.set(key, [...recent, now]);
    return true;
  }
}
