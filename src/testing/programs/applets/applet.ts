import { FileError } from "../../files/file-error.ts";
import type { FileSystem } from "../../files/file-system.ts";
import type { Input } from "../io/input.ts";
import type { Output } from "../io/pipe.ts";
import type { Session } from "../session.ts";

/** What a command is run with. */
export interface CommandSpec {
  /** The command's name and its arguments. */
  readonly cmd: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly folder: string;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** The same for one of the built-in commands. */
export interface AppletRun extends CommandSpec {
  readonly name: string;
  readonly args: readonly string[];
  readonly session: Session;
  readonly files: FileSystem;
  /** Runs another command, and gives its exit status. */
  run(spec: CommandSpec, session?: Session): Promise<number>;
}

/** A built-in command; gives its exit status, nothing for 0. */
// biome-ignore lint/suspicious/noConfusingVoidType: most end with nothing
export type Applet = (run: AppletRun) => Promise<number | void> | number | void;

/** Thrown by a command that cannot go on; its message is said after the command's name. */
export class AppletError extends Error {
  override readonly name = "AppletError";
  readonly status: number;

  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

/** The absolute path of what a command was given. */
export function pathOf({ folder }: Pick<CommandSpec, "folder">, name: string): string {
  return name.startsWith("/") ? name : `${folder === "/" ? "" : folder}/${name}`;
}

/** Does something with a file, and says what went wrong as busybox does, e.g. `can't open 'x': No such file or directory`. */
export function attempt<T>(what: string, name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FileError) {
      throw new AppletError(`${what}${what === "" ? name : ` '${name}'`}: ${error.message}`);
    }
    throw error;
  }
}

/** Does the same with each of several; what goes wrong with one is said, and the others are done still. */
export async function forEachName(
  run: AppletRun,
  names: readonly string[],
  work: (name: string) => void | Promise<void>,
): Promise<number> {
  let status = 0;
  for (const name of names) {
    try {
      await work(name);
    } catch (error) {
      if (!(error instanceof AppletError)) throw error;
      status = error.status;
      await run.stderr.write(`${run.name}: ${error.message}\n`);
    }
  }
  return status;
}

/** The options of a command, taken apart. */
export interface Options {
  has(name: string): boolean;
  /** The value of an option that takes one. */
  get(name: string): string | undefined;
  /** All values of an option that may be given more than once. */
  all(name: string): readonly string[];
  /** What follows the options. */
  readonly names: readonly string[];
}

/**
 * Takes options apart as `getopt` does.
 *
 * @param known the letters; one that takes a value is followed by a colon
 * @param longer long names and the letters that they stand for
 * @throws AppletError for one that is not known.
 */
export function readOptions(
  args: readonly string[],
  known: string,
  { longer = {}, stopEarly = false }: { longer?: Readonly<Record<string, string>>; stopEarly?: boolean } = {},
): Options {
  const found = new Map<string, string[]>();
  const names: string[] = [];
  const todo = [...args];
  const note = (letter: string, value: string) => found.set(letter, [...(found.get(letter) ?? []), value]);
  for (let arg = todo.shift(); arg !== undefined; arg = todo.shift()) {
    if (arg === "--" || (stopEarly && !/^-./.test(arg))) {
      names.push(...(arg === "--" ? [] : [arg]), ...todo.splice(0));
    } else if (arg.startsWith("--")) {
      readLong(arg, known, longer, todo, note);
    } else if (/^-./.test(arg)) {
      readLetters(arg.slice(1), known, todo, note);
    } else {
      names.push(arg);
    }
  }
  return {
    names,
    has: (letter) => found.has(letter),
    get: (letter) => found.get(letter)?.at(-1),
    all: (letter) => found.get(letter) ?? [],
  };
}

type Note = (letter: string, value: string) => void;

function readLong(
  arg: string,
  known: string,
  longer: Readonly<Record<string, string>>,
  todo: string[],
  note: Note,
): void {
  const [, long = "", value] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
  const letter = longer[long] ?? unknown(`unrecognized option '--${long}'`);
  note(letter, known.includes(`${letter}:`) ? (value ?? todo.shift() ?? missing(letter)) : "");
}

function readLetters(letters: string, known: string, todo: string[], note: Note): void {
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at] ?? "";
    if (letter === ":" || !known.includes(letter)) {
      unknown(`invalid option -- '${letter}'`);
    }
    if (known[known.indexOf(letter) + 1] === ":") {
      note(letter, letters.slice(at + 1) || (todo.shift() ?? missing(letter)));
      return;
    }
    note(letter, "");
  }
}

function missing(letter: string): never {
  throw new AppletError(`option requires an argument -- '${letter}'`);
}

function unknown(message: string): never {
  throw new AppletError(message);
}

/** A number with a unit that tools of files take: `k`, `m`, `g`, or `b` for 512. */
export function readSize(text: string): number {
  const [, digits, unit = ""] = /^(\d+)([bkmgKMG]?)B?$/.exec(text) ?? [];
  if (digits === undefined) {
    throw new AppletError(`invalid number '${text}'`);
  }
  const units: Readonly<Record<string, number>> = { "": 1, b: 512, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
  return Number(digits) * (units[unit.toLowerCase()] ?? 1);
}
