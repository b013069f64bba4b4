import { setMaxListeners } from "node:events";
import type { Process } from "../programs/process.ts";
import { numberOf } from "../programs/signals.ts";
import type { Clock } from "./clock.ts";
import type { Container } from "./container.ts";
import { ContainerEvents } from "./container-events.ts";
import type { ContainerStore } from "./container-store.ts";
import type { EventBus } from "./event-bus.ts";
import { HealthMonitor } from "./health-monitor.ts";
import { restartDelayMs, shouldRestart } from "./restart-policy.ts";

/** What others do when a container comes and goes: networks give addresses, volumes are mounted and removed. */
export interface ContainerHook {
  /** After a container was made, before anybody knows it. What it throws refuses the container. */
  readonly created?: (container: Container) => void;
  /** Before its command is looked at. What it throws refuses the start. */
  readonly starting?: (container: Container) => void;
  readonly started?: (container: Container) => void;
  readonly stopped?: (container: Container) => void;
  /** @param withVolumes whether its anonymous volumes go too */
  readonly removed?: (container: Container, withVolumes: boolean) => void;
}

/** How dockerd waits for a container. */
export type WaitCondition = "not-running" | "next-exit" | "removed";

interface Waiter {
  readonly condition: WaitCondition;
  readonly done: (exitCode: number) => void;
}

/** Starts, stops and removes the containers of one engine, and tells of it. */
export class Lifecycle {
  readonly hooks: ContainerHook[] = [];
  readonly #containers: ContainerStore;
  readonly #clock: Clock;
  readonly #events: ContainerEvents;
  readonly #waiters = new Map<Container, Set<Waiter>>();
  readonly #health = new Map<Container, HealthMonitor>();
  readonly #closing = new AbortController();
  #lastPid = 1000;

  constructor(containers: ContainerStore, clock: Clock, events: EventBus) {
    this.#containers = containers;
    this.#clock = clock;
    this.#events = new ContainerEvents(events);
    // Whoever waits for a container listens to it.
    setMaxListeners(0, this.#closing.signal);
  }

  /** Tells of a container that was made, and knows it from now on. */
  add(container: Container): void {
    for (const { created } of this.hooks) {
      created?.(container);
    }
    this.#containers.add(container);
    this.tell(container, "create");
  }

  tell(container: Container, action: string, attributes: Readonly<Record<string, string>> = {}): void {
    this.#events.tell(container, action, attributes);
  }

  /** A number for a new process. */
  nextPid(): number {
    this.#lastPid += 1;
    return this.#lastPid;
  }

  /** @throws Refusal if the command cannot be started. */
  start(container: Container): void {
    container.stoppedByUser = false;
    container.restartCount = 0;
    this.#run(container);
  }

  healthOf(container: Container): HealthMonitor | undefined {
    return this.#health.get(container);
  }

  /** Sends the signal, and SIGKILL when the grace period is over; a negative period has no end. */
  async stop(container: Container, signal: string, graceMs: number): Promise<void> {
    container.stoppedByUser = true;
    const exit = this.#exitOf(container);
    this.#signal(container, signal);
    if (graceMs >= 0) {
      const ended = new AbortController();
      void exit.then(() => ended.abort());
      await this.#clock.sleep(graceMs, AbortSignal.any([ended.signal, this.#closing.signal]));
      if (!ended.signal.aborted) {
        this.#signal(container, "SIGKILL");
      }
    }
    await exit;
    this.tell(container, "stop");
  }

  /** Sends a signal; SIGKILL is waited for. */
  async kill(container: Container, signal: string): Promise<void> {
    if (signal === "SIGKILL") {
      container.stoppedByUser = true;
      const exit = this.#exitOf(container);
      this.#signal(container, signal);
      await exit;
    } else {
      this.#signal(container, signal);
    }
  }

  pause(container: Container): void {
    container.status = "paused";
    container.process?.pause();
    for (const { process } of container.execs) {
      process?.pause();
    }
    this.tell(container, "pause");
  }

  unpause(container: Container): void {
    container.status = "running";
    container.process?.resume();
    for (const { process } of container.execs) {
      process?.resume();
    }
    this.tell(container, "unpause");
  }

  /** Ends a container if it runs, and forgets it. */
  async remove(container: Container, { withVolumes }: { withVolumes: boolean }): Promise<void> {
    if (!container.hasEnded) {
      await this.kill(container, "SIGKILL");
    }
    if (!this.#isKnown(container)) {
      return; // it has removed itself
    }
    container.status = "removing";
    this.#forget(container, withVolumes);
  }

  /** Resolves with the exit code when the condition is true; rejects never, and waits no longer when `signal` is aborted. */
  wait(container: Container, condition: WaitCondition, signal: AbortSignal): Promise<number> {
    if (condition === "not-running" && container.hasEnded) {
      return Promise.resolve(container.exitCode);
    }
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(container) ?? new Set<Waiter>();
      this.#waiters.set(container, waiters);
      const settle = (exitCode: number) => {
        signal.removeEventListener("abort", leave);
        waiters.delete(waiter);
        resolve(exitCode);
      };
      const leave = () => settle(-1);
      const waiter: Waiter = { condition, done: settle };
      waiters.add(waiter);
      signal.addEventListener("abort", leave);
    });
  }

  /** Ends every program without telling anybody. */
  close(): void {
    this.#closing.abort();
    for (const container of this.#containers.all()) {
      container.stoppedByUser = true;
      this.#health.get(container)?.close();
      for (const { process } of container.execs) {
        process?.kill("SIGKILL");
      }
      container.process?.kill("SIGKILL");
    }
  }

  #run(container: Container): void {
    const process = this.#makeProcess(container);
    container.process = process;
    container.status = "running";
    container.pid = this.nextPid();
    container.exitCode = 0;
    container.error = "";
    container.startedAtMs = this.#clock.now();
    container.finishedAtMs = undefined;
    for (const { started } of this.hooks) {
      started?.(container);
    }
    this.tell(container, "start");
    process.start();
    this.#watchHealth(container);
    void process.exited.then((code) => this.#ended(container, code));
  }

  /** A container that cannot be started lets those go who are attached, and may remove itself (moby:daemon/start.go:115-138). */
  #makeProcess(container: Container): Process {
    container.exitCode = 128;
    try {
      for (const { starting } of this.hooks) {
        starting?.(container);
      }
      return container.makeProcess();
    } catch (error) {
      container.error = (error as Error).message;
      container.attachments.reset();
      if (container.facts.hostConfig.AutoRemove) {
        this.#forget(container, true);
      }
      throw error;
    }
  }

  #watchHealth(container: Container): void {
    if (HealthMonitor.isWanted(container)) {
      const monitor = new HealthMonitor(container, this.#clock, (status) =>
        this.tell(container, `health_status: ${status}`),
      );
      this.#health.set(container, monitor);
    }
  }

  #ended(container: Container, code: number): void {
    container.log.flush();
    this.#health.get(container)?.close();
    for (const { process } of container.execs) {
      process?.kill("SIGKILL");
    }
    container.status = "exited";
    container.process = undefined;
    container.pid = 0;
    container.exitCode = code;
    container.finishedAtMs = this.#clock.now();
    const ranMs = container.finishedAtMs - (container.startedAtMs ?? 0);
    for (const { stopped } of this.hooks) {
      stopped?.(container);
    }
    this.tell(container, "die", { exitCode: String(code), execDuration: String(Math.floor(ranMs / 1000)) });
    const again = shouldRestart(container) && !this.#closing.signal.aborted;
    if (again) {
      container.status = "restarting";
      void this.#restart(container, ranMs);
    }
    this.#settle(container, again ? ["next-exit"] : ["next-exit", "not-running"]);
    if (!again && container.facts.hostConfig.AutoRemove) {
      this.#forget(container, true);
    }
  }

  async #restart(container: Container, ranMs: number): Promise<void> {
    await this.#clock.sleep(restartDelayMs(container, ranMs), this.#closing.signal);
    if (container.status === "restarting" && !container.stoppedByUser && !this.#closing.signal.aborted) {
      container.restartCount += 1;
      try {
        this.#run(container);
      } catch {
        // Its files have changed since it ran: it says why in its state.
        container.status = "exited";
        this.#settle(container, ["not-running"]);
      }
    }
  }

  #signal(container: Container, signal: string): void {
    this.tell(container, "kill", { signal: String(numberOf(signal)) });
    if (container.status === "restarting") {
      // Nothing runs: it is not started again.
      container.status = "exited";
      this.#settle(container, ["not-running"]);
    }
    container.process?.kill(signal);
  }

  /** Resolves when the container's process has ended, and all have been told. */
  async #exitOf(container: Container): Promise<void> {
    if (container.isRunning) {
      await this.wait(container, "next-exit", this.#closing.signal);
    }
  }

  #forget(container: Container, withVolumes: boolean): void {
    this.#health.delete(container);
    this.#containers.remove(container);
    for (const { removed } of this.hooks) {
      removed?.(container, withVolumes);
    }
    this.tell(container, "destroy");
    this.#settle(container, ["next-exit", "not-running", "removed"]);
    this.#waiters.delete(container);
  }

  #isKnown(container: Container): boolean {
    return this.#containers.has(container);
  }

  #settle(container: Container, conditions: readonly WaitCondition[]): void {
    const waiters = this.#waiters.get(container) ?? new Set();
    for (const waiter of [...waiters].filter(({ condition }) => conditions.includes(condition))) {
      waiter.done(container.exitCode);
    }
  }
}
