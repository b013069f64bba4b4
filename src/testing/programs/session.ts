import type { Applet } from "./applets/applet.ts";
import { OpenFiles } from "./io/devices.ts";
import { Pace } from "./io/pace.ts";
import type { ProgramContext } from "./program.ts";
import { numberOf } from "./signals.ts";

/** A command that runs beside the shell. */
export interface Job {
  readonly pid: number;
  /** Resolves with its exit status; never rejects. */
  readonly done: Promise<number>;
  kill(signal: string): void;
}

/** What all commands of one process share. */
interface Shared {
  readonly jobs: Map<number, Job>;
  readonly traps: Map<string, string>;
  readonly pending: string[];
  wake: () => void;
  lastPid: number;
  listens: boolean;
}

/** One process: a command with all those that it runs. */
export class Session {
  readonly context: ProgramContext;
  readonly applets: ReadonlyMap<string, Applet>;
  readonly pace: Pace;
  readonly open: OpenFiles;
  readonly #shared: Shared;

  constructor(
    context: ProgramContext,
    applets: ReadonlyMap<string, Applet>,
    ended: AbortSignal = context.ended,
    shared: Shared = newShared(),
  ) {
    this.context = context;
    this.applets = applets;
    this.pace = new Pace(ended);
    this.open = new OpenFiles(context.files, context.hostname, this.pace);
    this.#shared = shared;
  }

  /** The same for commands that end earlier: when `signal` is aborted. */
  within(signal: AbortSignal): Session {
    const ended = AbortSignal.any([this.pace.ended, signal]);
    return new Session(this.context, this.applets, ended, this.#shared);
  }

  get jobs(): Map<number, Job> {
    return this.#shared.jobs;
  }

  /** Runs a command beside, so that it can be killed by its number. */
  startJob(run: (session: Session) => Promise<number>): Job {
    const ending = new AbortController();
    this.#shared.lastPid += 1;
    const pid = this.#shared.lastPid;
    const done = run(this.within(ending.signal)).catch(() => 128 + numberOf(String(ending.signal.reason)));
    const job = { pid, done, kill: (signal: string) => ending.abort(signal) };
    this.jobs.set(pid, job);
    return job;
  }

  /** Says what a signal does from now on: nothing if it is empty; undefined for what it does by itself. */
  trap(signal: string, action: string | undefined): void {
    const { traps } = this.#shared;
    if (action === undefined) traps.delete(signal);
    else traps.set(signal, action);
    if (!this.#shared.listens) {
      this.#shared.listens = true;
      this.context.onSignal((name) => this.raise(name));
    }
  }

  /** Takes a signal; gives whether anything was to be done with it, which may be nothing. */
  raise(signal: string): boolean {
    const { traps, pending } = this.#shared;
    const action = traps.get(signal);
    if (action !== undefined && action !== "") {
      pending.push(signal);
      this.#shared.wake();
    }
    return action !== undefined;
  }

  trapOf(signal: string): string | undefined {
    return this.#shared.traps.get(signal);
  }

  /** The next of the actions that are due, by what the process was sent. */
  nextTrap(): { readonly signal: string; readonly action: string } | undefined {
    const signal = this.#shared.pending.shift();
    return signal === undefined ? undefined : { signal, action: this.trapOf(signal) ?? "" };
  }

  /** Resolves when a signal is pending, or the process was killed. */
  async signalled(): Promise<void> {
    if (this.#shared.pending.length === 0 && !this.pace.ended.aborted) {
      await new Promise<void>((resolve) => {
        this.#shared.wake = resolve;
        this.pace.ended.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }
}

function newShared(): Shared {
  return { jobs: new Map(), traps: new Map(), pending: [], wake: () => {}, lastPid: 1, listens: false };
}
