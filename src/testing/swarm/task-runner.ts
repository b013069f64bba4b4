import type { Container } from "../state/container.ts";
import { HealthMonitor } from "../state/health-monitor.ts";
import { parseReference } from "../state/image-reference.ts";
import { makeContainer } from "../state/make-container.ts";
import { findPublished, takeImage } from "../state/take-image.ts";
import type { World } from "../state/world.ts";
import type { Blob } from "./blobs.ts";
import type { ObjectStore } from "./object-store.ts";
import { hasEnded, isWanted, type Task, taskName } from "./task.ts";
import { containerOf, graceMsOf, writeBlobs } from "./task-container.ts";
import type { TaskStore } from "./task-store.ts";

interface Blobs {
  readonly secrets: ObjectStore<Blob>;
  readonly configs: ObjectStore<Blob>;
}

/** Runs tasks as containers of the engine. */
export class TaskRunner {
  readonly #world: World;
  readonly #tasks: TaskStore;
  readonly #blobs: Blobs;
  readonly #closing: AbortSignal;

  constructor(world: World, tasks: TaskStore, blobs: Blobs, closing: AbortSignal) {
    this.#world = world;
    this.#tasks = tasks;
    this.#blobs = blobs;
    this.#closing = closing;
  }

  /** Runs a task that has a node, from its container's making to its end; what goes wrong stands in its report. */
  async run(task: Task): Promise<void> {
    const container = this.#prepare(task);
    if (container === undefined) {
      return;
    }
    await this.#tasks.when(task, ({ desired }) => desired !== "ready", this.#closing);
    if (!isWanted(task) || this.#closing.aborted) {
      this.#tasks.note(task, "shutdown", "shutdown");
      return;
    }
    this.#tasks.note(task, "starting", "starting");
    try {
      this.#world.lifecycle.start(container);
    } catch (error) {
      this.#tasks.note(task, "failed", "starting", `starting container failed: ${messageOf(error)}`);
      return;
    }
    await this.#watch(task, container);
  }

  /** Ends a task, if it has not ended yet; resolves when it has. */
  async end(task: Task): Promise<void> {
    const { container } = task;
    if (container?.isRunning) {
      const spec = task.spec.ContainerSpec ?? {};
      await this.#world.lifecycle.stop(
        container,
        spec.StopSignal ?? container.facts.config.StopSignal ?? "SIGTERM",
        graceMsOf(spec),
      );
      await this.#tasks.when(task, hasEnded, this.#closing);
    } else if (!hasEnded(task)) {
      this.#tasks.note(task, "shutdown", "shutdown");
    }
  }

  /** Removes the container of a task that has ended, and forgets the task. */
  async discard(task: Task): Promise<void> {
    if (task.container !== undefined && !this.#closing.aborted) {
      await this.#world.lifecycle.remove(task.container, { withVolumes: true });
    }
    this.#tasks.drop(task);
  }

  #prepare(task: Task): Container | undefined {
    this.#tasks.note(task, "preparing", "preparing");
    this.#pull(task);
    try {
      const container = makeContainer(this.#world, taskName(task), containerOf(task, this.#networkNames(task)));
      task.container = container;
      writeBlobs(container.files, task.spec.ContainerSpec ?? {}, this.#blobs);
      this.#tasks.note(task, "ready", "prepared");
      return container;
    } catch (error) {
      this.#tasks.note(task, "rejected", "preparing", messageOf(error));
      return undefined;
    }
  }

  /** What goes wrong is told by the container, which then cannot be made (swarmkit's dockerapi executor does so too). */
  #pull({ service, spec }: Task): void {
    const { Image = "" } = spec.ContainerSpec ?? {};
    try {
      if (this.#world.images.get(Image) === undefined) {
        takeImage(this.#world, findPublished(this.#world, parseReference(Image), service.registryAuth));
      }
    } catch {
      // There is none.
    }
  }

  #networkNames({ spec }: Task): Map<string, string> {
    const targets = (spec.Networks ?? []).map(({ Target = "" }) => Target);
    return new Map(targets.map((target) => [target, this.#world.networks.find(target).request.Name]));
  }

  async #watch(task: Task, container: Container): Promise<void> {
    const unlisten = HealthMonitor.isWanted(container) ? this.#watchHealth(task, container) : undefined;
    if (unlisten === undefined) {
      this.#tasks.note(task, "running", "started");
    }
    const exitCode = await this.#world.lifecycle.wait(container, "not-running", this.#closing);
    unlisten?.();
    if (hasEnded(task) || this.#closing.aborted) {
      return;
    }
    if (!isWanted(task)) {
      this.#tasks.note(task, "shutdown", "shutdown");
    } else if (exitCode === 0) {
      this.#tasks.note(task, "complete", "finished");
    } else {
      this.#tasks.note(task, "failed", "started", `task: non-zero exit (${exitCode})`);
    }
  }

  /** A task with a health check runs when it is well, and fails when it is not. */
  #watchHealth(task: Task, { facts }: Container): () => void {
    return this.#world.events.listen(({ Actor, Action }) => {
      if (Actor.ID !== facts.Id || hasEnded(task)) {
        return;
      }
      if (Action === "health_status: healthy") {
        this.#tasks.note(task, "running", "started");
      } else if (Action === "health_status: unhealthy") {
        this.#tasks.note(task, "failed", "started", "task: unhealthy container");
        void this.end(task);
      }
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
