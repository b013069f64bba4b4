import type { Health, HealthConfig, HealthcheckResult } from "../../generated/models.ts";
import { Process } from "../programs/process.ts";
import type { Clock } from "./clock.ts";
import type { Container } from "./container.ts";
import { environmentOf } from "./container-config.ts";
import { goTime } from "./timestamps.ts";

const nanosPerMs = 1_000_000;
/** What dockerd takes when nothing is said (moby:daemon/health.go:28-52). */
const defaults = { intervalMs: 30_000, timeoutMs: 30_000, startIntervalMs: 5_000, retries: 3 };
const keptResults = 5;
const keptOutputBytes = 4096;

/** Checks again and again whether a container is well, as its `Healthcheck` says. */
export class HealthMonitor {
  readonly #container: Container;
  readonly #clock: Clock;
  readonly #tell: (status: string) => void;
  readonly #closing = new AbortController();
  #status: "starting" | "healthy" | "unhealthy" = "starting";
  #streak = 0;
  #results: HealthcheckResult[] = [];

  /** Whether a container has a check that is to be made. */
  static isWanted({ facts }: Container): boolean {
    const [kind] = facts.config.Healthcheck?.Test ?? [];
    return kind !== undefined && kind !== "" && kind !== "NONE";
  }

  constructor(container: Container, clock: Clock, tell: (status: string) => void) {
    this.#container = container;
    this.#clock = clock;
    this.#tell = tell;
    void this.#watch();
  }

  get health(): Health {
    return { Status: this.#status, FailingStreak: this.#streak, Log: this.#results };
  }

  close(): void {
    this.#closing.abort();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      await this.#clock.sleep(this.#pauseMs(), signal);
      if (signal.aborted) {
        return;
      }
      await this.#check();
    }
  }

  #pauseMs(): number {
    const { Interval, StartInterval } = this.#config;
    if (this.#status === "starting" && this.#isStarting() && StartInterval) {
      return StartInterval / nanosPerMs;
    }
    return Interval ? Interval / nanosPerMs : defaults.intervalMs;
  }

  get #config(): HealthConfig {
    return this.#container.facts.config.Healthcheck ?? {};
  }

  /** Within the start period failures do not count. */
  #isStarting(): boolean {
    const ranMs = this.#clock.now() - (this.#container.startedAtMs ?? 0);
    return ranMs < (this.#config.StartPeriod ?? 0) / nanosPerMs;
  }

  async #check(): Promise<void> {
    const Start = goTime(this.#clock.now());
    const { exitCode, output } = await this.#run();
    if (this.#closing.signal.aborted) {
      return;
    }
    const result = { Start, End: goTime(this.#clock.now()), ExitCode: exitCode, Output: output };
    this.#results = [...this.#results, result].slice(-keptResults);
    this.#judge(exitCode === 0);
  }

  #judge(isWell: boolean): void {
    const before = this.#status;
    if (isWell) {
      this.#streak = 0;
      this.#status = "healthy";
    } else if (this.#status !== "starting" || !this.#isStarting()) {
      this.#streak += 1;
      this.#status = this.#streak >= (this.#config.Retries || defaults.retries) ? "unhealthy" : this.#status;
    }
    if (before !== this.#status) {
      this.#tell(this.#status);
    }
  }

  async #run(): Promise<{ exitCode: number; output: string }> {
    const { facts, files } = this.#container;
    const [kind, ...rest] = this.#config.Test ?? [];
    const cmd = kind === "CMD-SHELL" ? ["/bin/sh", "-c", rest[0] ?? ""] : rest;
    const { config, image } = facts;
    const process = new Process({
      ...{ program: image.program, cmd, env: environmentOf(config), files, clock: this.#clock, isInit: false },
      ...{ workingDir: config.WorkingDir || "/", user: config.User ?? "", hostname: config.Hostname ?? "" },
      ...{ tty: false, openStdin: false },
    });
    let output = "";
    process.listen((_, bytes) => {
      output = `${output}${Buffer.from(bytes).toString()}`.slice(0, keptOutputBytes);
    });
    process.start();
    const isLate = await this.#runsTooLong(process);
    return isLate
      ? { exitCode: -1, output: "Health check exceeded timeout" }
      : { exitCode: await process.exited, output };
  }

  async #runsTooLong(process: Process): Promise<boolean> {
    const { Timeout } = this.#config;
    const ended = new AbortController();
    void process.exited.then(() => ended.abort());
    const either = AbortSignal.any([ended.signal, this.#closing.signal]);
    await this.#clock.sleep(Timeout ? Timeout / nanosPerMs : defaults.timeoutMs, either);
    process.kill("SIGKILL");
    return !either.aborted;
  }
}
