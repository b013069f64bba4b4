import { Killed } from "../io/pace.ts";
import { BrokenPipe } from "../io/pipe.ts";
import type { Session } from "../session.ts";
import { numberOf } from "../signals.ts";
import { Exit, LoopJump, Return, ShellError } from "./control.ts";
import { holds, runExternal, runScript } from "./execute.ts";
import { parseScript } from "./parser.ts";
import type { Streams } from "./streams.ts";
import { type Command, type Script, ShellSyntaxError } from "./syntax.ts";

/** What a shell, and each of its subshells, has of its own. */
export class Shell {
  readonly session: Session;
  /** `$0`, which also begins its messages. */
  readonly name: string;
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  readonly functions: Map<string, Command>;
  /** What `set` turned on: e.g. `e`, `u`, `x`, `f`. */
  readonly options: Set<string>;
  positional: readonly string[];
  folder: string;
  streams: Streams;
  status = 0;
  /** Within how many conditions it is, where a failure does not end it in spite of `set -e`. */
  tolerance = 0;
  lastJob: number | undefined;
  readonly isSubshell: boolean;

  constructor(parts: ShellParts) {
    this.session = parts.session;
    this.name = parts.name;
    this.variables = new Map(parts.variables);
    this.exported = new Set(parts.exported);
    this.functions = new Map(parts.functions);
    this.options = new Set(parts.options);
    this.positional = parts.positional;
    this.folder = parts.folder;
    this.streams = parts.streams;
    this.isSubshell = parts.isSubshell ?? false;
  }

  /** A subshell: what it changes is changed there only. */
  fork({ streams = this.streams, session = this.session }: Partial<Pick<Shell, "streams" | "session">> = {}): Shell {
    const copy = new Shell({ ...this, streams, session, isSubshell: true });
    copy.status = this.status;
    copy.tolerance = this.tolerance;
    copy.lastJob = this.lastJob;
    return copy;
  }

  /** The value of a variable, or of one of the shell's own such as `?` and `1`; undefined if it has none. */
  valueOf(name: string): string | undefined {
    switch (name) {
      case "?":
        return String(this.status);
      case "#":
        return String(this.positional.length);
      case "$":
        return this.session.context.isInit ? "1" : "7";
      case "!":
        return this.lastJob === undefined ? undefined : String(this.lastJob);
      case "-":
        return [...this.options].join("");
      case "@":
      case "*":
        return this.positional.length === 0 ? undefined : this.positional.join(" ");
      case "0":
        return this.name;
      default:
        return /^\d/.test(name) ? this.positional[Number(name) - 1] : this.variables.get(name);
    }
  }

  assign(name: string, value: string): void {
    this.variables.set(name, value);
  }

  /** The environment of the commands that it runs. */
  environment(): Map<string, string> {
    return new Map([...this.variables].filter(([name]) => this.exported.has(name)));
  }

  say(message: string): Promise<void> {
    return this.streams.stderr.write(`${this.name}: ${message}\n`);
  }

  /** Runs a script whose failures end this shell, and gives the exit status. */
  whole(script: Script): Promise<number> {
    return this.guard(() => runScript(this, script));
  }

  /** Does what the shell was made for: what leaves it, or fails, is its exit status. */
  async guard(work: () => Promise<number>): Promise<number> {
    try {
      this.status = await work();
    } catch (error) {
      this.status = await this.#statusOf(error);
    }
    return this.isSubshell ? this.status : this.#atExit();
  }

  /** Runs a script within this shell, and gives the status of its last command. */
  run(script: Script): Promise<number> {
    return runScript(this, script);
  }

  /** Runs a condition, whose failure is none. */
  holds(script: Script): Promise<boolean> {
    return holds(this, script);
  }

  /** Runs a command that is a file, not one of the shell's own. */
  runExternal(cmd: readonly string[]): Promise<number> {
    return runExternal(this, cmd, this.environment());
  }

  /** Reads and runs a text within this shell. */
  evaluate(text: string): Promise<number> {
    return runScript(this, this.parse(text));
  }

  /** Throws ShellError if the text is no script. */
  parse(text: string): Script {
    try {
      return parseScript(text);
    } catch (error) {
      throw error instanceof ShellSyntaxError ? new ShellError(error.message, 2) : error;
    }
  }

  /** Runs what was asked for by `trap`, for the signals that have come meanwhile. */
  async runTraps(): Promise<void> {
    if (this.isSubshell) {
      return;
    }
    for (let due = this.session.nextTrap(); due !== undefined; due = this.session.nextTrap()) {
      const { status } = this;
      await this.evaluate(due.action);
      this.status = status;
    }
  }

  /** What a script prints, without the ends of lines behind it. */
  async capture(script: Script): Promise<string> {
    const chunks: Uint8Array[] = [];
    const stdout = {
      write: async (data: string | Uint8Array) => {
        await this.session.pace.step();
        chunks.push(typeof data === "string" ? Buffer.from(data) : data);
      },
    };
    this.status = await this.fork({ streams: this.streams.with(1, stdout) }).whole(script);
    return Buffer.concat(chunks).toString().replace(/\n+$/, "");
  }

  async #atExit(): Promise<number> {
    const action = this.session.trapOf("EXIT");
    if (action === undefined) {
      return this.status;
    }
    this.session.trap("EXIT", undefined);
    const { status } = this;
    try {
      await this.evaluate(action);
      return status;
    } catch (error) {
      return this.#statusOf(error);
    }
  }

  async #statusOf(error: unknown): Promise<number> {
    if (error instanceof Exit || error instanceof Return) return error.status;
    if (error instanceof LoopJump) return 0;
    if (error instanceof BrokenPipe) return 128 + numberOf("SIGPIPE");
    if (error instanceof Killed || !(error instanceof ShellError)) throw error;
    await this.say(error.message);
    return error.status;
  }
}

/** What a shell begins with. */
export type ShellParts = Pick<Shell, "session" | "name" | "positional" | "folder" | "streams"> & {
  readonly variables: ReadonlyMap<string, string>;
  readonly exported: ReadonlySet<string>;
  readonly functions: ReadonlyMap<string, Command>;
  readonly options: ReadonlySet<string>;
  readonly isSubshell?: boolean;
};
