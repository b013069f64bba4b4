import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";

/** How a process ended. */
export interface SshExit {
  /** The exit code; undefined if a signal ended it, or if it could not be started. */
  readonly code: number | undefined;
  /** Why it could not be started, e.g. because there is no `ssh`. */
  readonly error: NodeJS.ErrnoException | undefined;
}

/** How much of what ssh says is kept, from the end, as the docker CLI does (cli:cli/connhelper/commandconn/commandconn.go:61). */
const keptWords = 4096;

/** How long ssh may take to end when it is asked to (cli:cli/connhelper/commandconn/commandconn.go:109). */
const graceMs = 3_000;

/** One run of the system's `ssh`. */
export class SshProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when the process has ended, or could not be started. Never rejects. */
  readonly exited: Promise<SshExit>;
  /** Resolves when it has ended and all its output was taken. Never rejects. */
  readonly closed: Promise<SshExit>;
  #words = "";
  #ended = false;

  /** Runs `ssh` with these arguments, without a shell and without the terminal. */
  constructor(args: readonly string[]) {
    // A session of its own, so that a Ctrl-C meant for the caller does not end the caller's way to the engine. On Windows
    // `detached` would open a console.
    this.child = spawn("ssh", args, { detached: process.platform !== "win32", windowsHide: true });
    this.exited = new Promise((resolve) => {
      const settle = (exit: SshExit): void => {
        this.#ended = true;
        resolve(exit);
      };
      this.child.once("error", (error) => settle({ code: undefined, error }));
      this.child.once("exit", (code) => settle({ code: code ?? undefined, error: undefined }));
    });
    this.closed = once(this.child, "close").then(
      () => this.exited,
      () => this.exited, // `once` rejects on the error that `exited` tells
    );
    // There are no pipes if there were no descriptors for them (EMFILE).
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.#words = (this.#words + chunk.toString()).slice(-keptWords);
    });
  }

  /** What ssh has said, in one line. */
  get words(): string {
    // Warnings stand in frames of @.
    const lines = this.#words.split(/[\r\n]+/).map((line) => line.replace(/^@+|@+$/g, "").trim());
    const said = lines.filter((line) => line !== "").join("; ");
    return said.replace(/\.$/, "");
  }

  /** Ends the process if it lives; resolves when it has ended. */
  async end(): Promise<void> {
    if (this.#ended) {
      return;
    }
    this.child.ref();
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), graceMs);
    await this.exited;
    clearTimeout(timer);
  }
}
