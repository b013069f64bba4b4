import type { FileSystem } from "../files/file-system.ts";
import type { Clock } from "../state/clock.ts";
import type { Terminal } from "./terminal.ts";

/** Where a program writes. */
export interface ProgramOutput {
  /** Writes text or bytes; resolves when more may be written. What is written after the process has ended is lost. */
  write(data: string | Uint8Array): Promise<void>;
}

/** What a program is given: what a process of a container has. */
export interface ProgramContext {
  /** The command with its arguments, e.g. `["python", "-c", "print(1)"]`. */
  readonly cmd: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  /** The user, as the container's `User` names it; empty for root. */
  readonly user: string;
  readonly hostname: string;
  /** What is typed or piped in; ends when nothing more comes. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: ProgramOutput;
  /** The same as `stdout` when there is a terminal. */
  readonly stderr: ProgramOutput;
  /**
   * Is aborted when the process gets a signal that would end it, such as SIGTERM; the signal's name is the `reason`. A
   * program that goes on is killed when the grace period is over.
   */
  readonly signal: AbortSignal;
  /** Whether there is a terminal. */
  readonly tty: boolean;
  /** The container's files. */
  readonly files: FileSystem;
  /** The engine's time; a program that waits by it waits no longer than the tests want. */
  readonly clock: Clock;
  /** The terminal, if there is one: its size, and how it treats what is typed and printed. */
  readonly terminal: Terminal | undefined;
  /** Is aborted when the process was killed, so that nothing it does matters any more. */
  readonly ended: AbortSignal;
  /** Whether it is the first process of its container, which signals end only if it asks for them. */
  readonly isInit: boolean;
  /**
   * Calls `listener` with the name of each signal that the process gets, also those that end nothing, e.g. `SIGWINCH`.
   * A listener that returns `false` leaves the signal to do what it does without one.
   */
  onSignal(listener: SignalListener): void;
}

/** What is told of signals; `false` if it does not handle one. */
// biome-ignore lint/suspicious/noConfusingVoidType: a listener that returns nothing is the common one
export type SignalListener = (name: string) => boolean | void;

/**
 * What an image does when a container of it runs, and when a command is executed in one.
 *
 * @returns the exit code; nothing counts as 0. A program that throws ends with 1, its message on stderr.
 */
export interface Program {
  // biome-ignore lint/suspicious/noConfusingVoidType: a program that returns nothing is the common one
  (context: ProgramContext): number | void | Promise<number | void>;
  /**
   * Says why a command cannot be started: e.g. `executable file not found in $PATH`. Default: every command can.
   *
   * @returns undefined if it can be started
   */
  readonly refuses?: (command: string, files: FileSystem, env: Readonly<Record<string, string>>) => string | undefined;
  /**
   * Says why a user cannot be one, as the container's or the command's `User` names it. Default: everybody can.
   *
   * @returns undefined if it can be one
   */
  readonly refusesUser?: (user: string, files: FileSystem) => string | undefined;
  /** The files of its image. Default: none. */
  readonly files?: (now: () => number) => FileSystem;
  /** The command of its image. Default: the last part of the image's name. */
  readonly command?: readonly string[];
}
