import type { FileSystem } from "../files/file-system.ts";
import type { Clock } from "../state/clock.ts";
import { ProcessInput } from "./process-input.ts";
import type { Program, ProgramContext, SignalListener } from "./program.ts";
import { deadlySignals, numberOf } from "./signals.ts";
import { Terminal } from "./terminal.ts";

/** What a process is started with. */
export interface ProcessSpec {
  readonly program: Program;
  readonly cmd: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly user: string;
  readonly hostname: string;
  readonly tty: boolean;
  /** Whether anything can be typed or piped in. */
  readonly openStdin: boolean;
  readonly files: FileSystem;
  readonly clock: Clock;
  /** Whether it is the first process of its container, which ignores every signal that it does not ask for. */
  readonly isInit: boolean;
}

/** Where a process's output goes; the process waits until the promise resolves. */
export type OutputListener = (stream: "stdout" | "stderr", bytes: Uint8Array) => Promise<void> | void;

/** A program that runs. */
export class Process {
  readonly stdin: ProcessInput = new ProcessInput();
  readonly terminal: Terminal | undefined;
  /** Resolves with the exit code; never rejects. */
  readonly exited: Promise<number>;
  readonly spec: ProcessSpec;
  readonly #listeners = new Set<OutputListener>();
  readonly #signalListeners: SignalListener[] = [];
  readonly #ending = new AbortController();
  readonly #ended = new AbortController();
  #resumed: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #exitCode: number | undefined;
  #settle: (code: number) => void = () => {};

  constructor(spec: ProcessSpec) {
    this.spec = spec;
    this.exited = new Promise((resolve) => {
      this.#settle = resolve;
    });
    if (spec.tty) {
      this.terminal = new Terminal({
        input: this.stdin,
        output: (bytes) => this.#give("stdout", bytes),
        signal: (name) => this.kill(name),
      });
    }
    if (!spec.openStdin) {
      this.stdin.end();
    }
  }

  /** Runs the program. What listens must have been added before: nothing is kept. */
  start(): void {
    void this.#run();
  }

  /** Undefined while the process runs. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Calls `listener` with all output from now on. Returns what ends that. */
  listen(listener: OutputListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Types or pipes bytes in. */
  write(bytes: Uint8Array): Promise<void> {
    return this.terminal === undefined ? this.stdin.write(bytes) : this.terminal.type(bytes);
  }

  /** Gives the terminal, if there is one, another size, and tells the program by SIGWINCH. */
  resize(rows: number, columns: number): void {
    if (this.terminal !== undefined) {
      this.terminal.size = { rows, columns };
      this.kill("SIGWINCH");
    }
  }

  /** Sends a signal, e.g. `SIGTERM`. */
  kill(name: string): void {
    if (name === "SIGKILL") {
      this.#finish(128 + numberOf(name));
      return;
    }
    const answers = this.#signalListeners.map((listener) => listener(name));
    const handled = answers.some((answer) => answer !== false);
    if (deadlySignals.has(name)) {
      this.#ending.abort(name);
      if (!this.spec.isInit && !handled) {
        this.#finish(128 + numberOf(name));
      }
    }
  }

  /** Holds the output back, and what is read of the input, until `resume`. */
  pause(): void {
    if (this.#resumed === undefined) {
      let resolve = () => {};
      const promise = new Promise<void>((done) => {
        resolve = done;
      });
      this.#resumed = { promise, resolve };
    }
  }

  resume(): void {
    this.#resumed?.resolve();
    this.#resumed = undefined;
  }

  async #run(): Promise<void> {
    const { program } = this.spec;
    try {
      this.#finish((await program(this.#context())) ?? 0);
    } catch (error) {
      await this.#write("stderr", `${error instanceof Error ? error.message : error}\n`);
      this.#finish(1);
    }
  }

  #context(): ProgramContext {
    const { cmd, env, workingDir, user, hostname, tty, files, clock, isInit } = this.spec;
    const stdout = { write: (data: string | Uint8Array) => this.#write("stdout", data) };
    const stderr = tty ? stdout : { write: (data: string | Uint8Array) => this.#write("stderr", data) };
    return {
      ...{ cmd, env, workingDir, user, hostname, tty, files, clock, isInit, stdout, stderr },
      stdin: this.stdin,
      signal: this.#ending.signal,
      terminal: this.terminal,
      onSignal: (listener) => this.#signalListeners.push(listener),
      ended: this.#ended.signal,
    };
  }

  async #write(stream: "stdout" | "stderr", data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    await this.#give(stream, this.terminal === undefined ? bytes : this.terminal.print(bytes));
  }

  async #give(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void> {
    await this.#resumed?.promise;
    if (this.#exitCode === undefined && bytes.length > 0) {
      await Promise.all([...this.#listeners].map((listener) => listener(stream, bytes)));
    }
  }

  #finish(code: number): void {
    if (this.#exitCode === undefined) {
      this.#exitCode = code & 255;
      this.#ending.abort("SIGKILL");
      this.#ended.abort();
      this.resume();
      this.stdin.discard();
      this.#settle(this.#exitCode);
    }
  }
}
