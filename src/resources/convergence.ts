import type { Node, Service, Task } from "../generated/models.ts";

/** How far a service is. */
export interface TaskCounts {
  /** Tasks that do what they should: run or, those of a job, are complete. */
  readonly ready: number;
  /** Tasks that there should be. */
  readonly desired: number;
}

/**
 * Counts a service's tasks as the docker CLI does: one for each slot or node, leaving out those on nodes that are down.
 *
 * @param tasks those that the present specification has made, as the filter `_up-to-date` gives them
 */
export function countTasks(
  { Spec: { Mode = {} }, JobStatus }: Service,
  tasks: readonly Task[],
  nodes: readonly Node[],
): TaskCounts {
  const up = new Set(nodes.filter(({ Status }) => Status.State !== "down").map(({ ID }) => ID));
  const placed = tasks.filter(({ NodeID }) => !NodeID || up.has(NodeID));
  if (Mode.ReplicatedJob !== undefined || Mode.GlobalJob !== undefined) {
    const present = placed.filter(({ JobIteration }) => JobIteration?.Index === JobStatus?.JobIteration?.Index);
    const ready = distinct(present.filter(({ Status }) => Status.State === "complete"));
    const { TotalCompletions, MaxConcurrent } = Mode.ReplicatedJob ?? {};
    return { ready, desired: Mode.GlobalJob ? distinct(present) : (TotalCompletions ?? MaxConcurrent ?? 1) };
  }
  const ready = distinct(
    placed.filter(({ DesiredState, Status }) => isLive(DesiredState) && Status.State === "running"),
  );
  // Nobody tells on which nodes a global service may run; but the swarm makes the tasks of all of them at once.
  return { ready, desired: Mode.Global ? distinct(placed) : (Mode.Replicated?.Replicas ?? 1) };
}

/** Whether all tasks are ready. A service for all nodes may have none yet. */
export function isReady({ Spec: { Mode } }: Service, { ready, desired }: TaskCounts): boolean {
  const isGlobal = Mode?.Global !== undefined || Mode?.GlobalJob !== undefined;
  return ready === desired && (desired > 0 || !isGlobal);
}

/** Whether the tasks of the service end by design. */
export function isJob({ Spec: { Mode } }: Service): boolean {
  return Mode?.ReplicatedJob !== undefined || Mode?.GlobalJob !== undefined;
}

/** A slot of a replicated service, or a node of a global one, has the tasks that failed there beside the present one. */
function distinct(tasks: readonly Task[]): number {
  return new Set(tasks.map(({ Slot, NodeID }) => Slot || NodeID)).size;
}

/** Tasks are first made with a desired state of `ready`, if the one before must end. */
function isLive(desired: string): boolean {
  return desired === "running" || desired === "ready";
}
