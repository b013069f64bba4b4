import { clientVersion } from "./client-version.ts";
import type { Command, Flags } from "./command.ts";
import { commands, globalOptions, topOptions } from "./commands.ts";
import { exitCodes } from "./exit-codes.ts";
import { commandHelp, generalHelp, groupHelp } from "./help.ts";
import { type Io, isReaderGone } from "./io.ts";
import { parseFlags } from "./parse.ts";
import { suggestion } from "./suggest.ts";
import { UsageError } from "./usage-error.ts";

/** Runs one command line, without the program's name, and gives the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (isReaderGone(error)) {
      return exitCodes.success;
    }
    if (error instanceof UsageError) {
      const { name, message } = error;
      await io.stderr.write(
        argv.includes("--json") ? `${JSON.stringify({ name, message })}\n` : `fairlead: ${message}\n`,
      );
      return exitCodes.usage;
    }
    throw error;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = parseFlags(argv, topOptions, true);
  const [first, ...rest] = operands;
  if (first !== undefined) {
    const { name, args } = fullName(first, rest);
    if (groupOf(name).length > 0) {
      await io.stdout.write(groupHelp(name, groupOf(name)));
      return exitCodes.success;
    }
    return runCommand(name, args, flags, io);
  }
  if (flags.version) {
    await io.stdout.write(`fairlead ${clientVersion()}\n`);
    return exitCodes.success;
  }
  await (flags.help ? io.stdout : io.stderr).write(generalHelp());
  return flags.help ? exitCodes.success : exitCodes.usage;
}

/** Some commands have a name of two words, as `context ls`; the first alone stands for one of them. */
function fullName(first: string, rest: readonly string[]): { name: string; args: readonly string[] } {
  const [second, ...args] = rest;
  if (groupOf(first).length === 0) {
    return { name: first, args: rest };
  }
  return second === undefined || (second.startsWith("-") && !asksForHelp(second))
    ? { name: `${first} explain`, args: rest }
    : { name: asksForHelp(second) ? first : `${first} ${second}`, args };
}

function groupOf(first: string): readonly string[] {
  return Object.keys(commands).filter((name) => name.startsWith(`${first} `));
}

function asksForHelp(flag: string): boolean {
  return flag === "--help" || flag === "-h";
}

type GlobalFlags = Flags<typeof globalOptions>;

async function runCommand(name: string, args: readonly string[], before: GlobalFlags, io: Io): Promise<number> {
  const command = await loadCommand(name);
  const { flags, operands } = await inCommand(name, () => {
    const parsed = parseFlags(args, { ...command.options, ...globalOptions }, command.passThrough === true);
    if (!before.help && !parsed.flags.help) {
      checkOperands(command, parsed.operands);
    }
    return parsed;
  });
  if (before.help || flags.help) {
    await io.stdout.write(commandHelp(name, command));
    return exitCodes.success;
  }
  const { execute } = await import("./execute.ts");
  const task = { flags, operands, connection: merged(before, flags), json: flags.json || before.json };
  return inCommand(name, () => execute(command, task, io));
}

/** A flag behind the command wins over the same one before it. */
function merged(before: GlobalFlags, behind: GlobalFlags): GlobalFlags {
  const given = Object.entries(behind).filter(([, value]) => value !== undefined && value !== false);
  return { ...before, ...Object.fromEntries(given) };
}

function loadCommand(name: string): Promise<Command> {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    throw new UsageError(`unknown command ${name}${suggestion(name, Object.keys(commands))} (see fairlead --help)`);
  }
  return entry.load();
}

function checkOperands({ usage, minOperands, maxOperands }: Command, { length }: readonly string[]): void {
  if (length < minOperands || length > maxOperands) {
    const fault = length < minOperands ? "an argument is missing" : "too many arguments";
    throw new UsageError(usage === "" ? fault : `${fault}: ${usage}`);
  }
}

/** Lets usage errors say which command they are about. */
async function inCommand<T>(name: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof UsageError
      ? new UsageError(`${name}: ${error.message} (see fairlead ${name} --help)`)
      : error;
  }
}
