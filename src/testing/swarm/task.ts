import type { TaskSpec, TaskState } from "../../generated/models.ts";
import type { Container } from "../state/container.ts";
import type { SwarmObject } from "./ledger.ts";
import type { Service } from "./service.ts";

/** What a task is doing, and why. */
interface TaskReport {
  readonly state: TaskState;
  readonly message: string;
  readonly error: string;
  readonly atMs: number;
}

/** One run of a service's container. */
export interface Task extends SwarmObject {
  readonly service: Service;
  /** Undefined for a task of a global service. */
  readonly slot: number | undefined;
  readonly spec: TaskSpec;
  /** What of the service it was made from, to see whether it is still what the service wants. */
  readonly template: string;
  readonly jobIteration: number;
  nodeId: string | undefined;
  desired: TaskState;
  report: TaskReport;
  container: Container | undefined;
}

const endStates: readonly TaskState[] = ["complete", "shutdown", "failed", "rejected", "remove", "orphaned"];

/** Whether a task has come to its end, in whichever way. */
export function hasEnded({ report }: Task): boolean {
  return endStates.includes(report.state);
}

/** Whether a task is meant to run, now or soon. */
export function isWanted({ desired }: Task): boolean {
  return desired === "running" || desired === "ready" || desired === "complete";
}

/** Whether two tasks stand for each other: they have the same slot, or run everywhere. */
export function isSamePlace(a: Task, b: Task): boolean {
  return a.service === b.service && a.slot === b.slot;
}

/** The name of a task and its container: the service's, the slot's (or the node's), and its id. */
export function taskName({ service, slot, nodeId, ID }: Task): string {
  return `${service.spec.Name}.${slot ?? nodeId}.${ID}`;
}
