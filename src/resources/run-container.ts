import { setTimeout as delay } from "node:timers/promises";
import type { Timeouts } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import { LeftoverError } from "../errors/leftover-error.ts";

/** How long an engine may take to remove a container, in milliseconds. */
const patienceMs = 30_000;

/** A container that a run has created and must not leave behind. */
export class RunContainer {
  readonly id: string;
  readonly #engine: Engine;
  readonly #timeouts: Timeouts | undefined;
  #removal: Promise<void> | undefined;

  constructor(engine: Engine, id: string, timeouts: Timeouts | undefined) {
    this.#engine = engine;
    this.id = id;
    this.#timeouts = timeouts;
  }

  /**
   * Resolves when the container is gone. Not subject to the signal of the run.
   *
   * @param hasEnded whether the container is known to have ended; else it is killed
   * @param failure why the run has failed, if it has
   * @throws LeftoverError if the container could not be removed.
   */
  async remove(hasEnded: boolean, failure: unknown): Promise<void> {
    try {
      this.#removal ??= this.#remove(hasEnded);
      await this.#removal;
    } catch (cause) {
      throw new LeftoverError(this.id, failure, cause);
    }
  }

  /** Begins to kill and remove it, whoever waits for that or not. */
  readonly removeSoon = (): void => {
    this.#removal ??= this.#remove(false);
    this.#removal.catch(() => {});
  };

  async #remove(hasEnded: boolean): Promise<void> {
    const own = { timeouts: this.#timeouts, path: { id: this.id } };
    if (!hasEnded) {
      // To remove it by force Podman first asks it to end, for 10 seconds (observed on 5.4). A failure here shows below.
      await this.#engine.call("ContainerKill", own).catch(() => {});
    }
    const input = { ...own, parameters: { force: true, v: true } };
    for (let waitedMs = 0; ; waitedMs += 50) {
      const outcome = await this.#engine.call("ContainerDelete", input).outcome();
      if (outcome.kind === "Succeeded" || outcome.kind === "NoSuchContainer") {
        return;
      }
      // 409 while the engine removes it by itself (moby:daemon/delete.go:46); Podman may answer 500 meanwhile.
      if (waitedMs >= patienceMs) {
        unwrapper("ContainerDelete")(outcome);
      }
      await delay(50);
    }
  }
}
