import type { Docker, DockerOptions } from "../index.ts";
import type { Io } from "./io.ts";

/** What a flag's value is by its type: `strings` may be given several times, the others once. */
export interface FlagTypes {
  boolean: boolean;
  string: string | undefined;
  integer: number | undefined;
  strings: readonly string[];
}

/** One flag of a command. */
export interface Option {
  readonly type: keyof FlagTypes;
  /** The one-letter form, without its dash. */
  readonly short?: string;
  /** What stands for the value in the help, e.g. `SECONDS`. */
  readonly placeholder?: string;
  /** What the flag does, in one line. */
  readonly summary: string;
}

/** Flags by their long name, without dashes. */
export type OptionTable = Readonly<Record<string, Option>>;

/** The values of the flags of a table. */
export type Flags<T extends OptionTable> = { readonly [Name in keyof T]: FlagTypes[T[Name]["type"]] };

/** What a command gets to run with. */
export interface Context<F = Flags<OptionTable>> {
  readonly flags: F;
  /** What stands on the command line beside the flags. */
  readonly operands: readonly string[];
  /** Whether the output is for machines. */
  readonly json: boolean;
  /** The engine that is meant. The client is made when it is asked for. */
  readonly docker: Docker;
  /** Which engine is meant. */
  readonly options: DockerOptions;
  readonly io: Io;
  /**
   * Reports a failure after which the command goes on with the next object; the exit code will tell of it.
   *
   * @throws the failure itself if it ends the command: an interrupt, or a reader of the output that left.
   */
  report(failure: unknown): Promise<void>;
  /** Says which exit code it is to be instead of that of the first failure: that of what ran in a container. */
  exitWith(code: number): void;
}

/** One command of `fairlead`. */
export interface Command<T extends OptionTable = OptionTable> {
  /** What follows the command's name, e.g. `CONTAINER [CONTAINER...]`. */
  readonly usage: string;
  /** How many operands there must be at least. */
  readonly minOperands: number;
  /** How many operands there may be. */
  readonly maxOperands: number;
  /** Whether everything after the first operand belongs to it, be it a flag or not. */
  readonly passThrough?: true;
  readonly options: T;
  /** Full command lines. */
  readonly examples: readonly string[];
  run(context: Context<Flags<T>>): Promise<void>;
}

/** Defines a command; the types of its flags follow from its options. */
export function defineCommand<const T extends OptionTable>(command: Command<T>): Command {
  return command;
}
