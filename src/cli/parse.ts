import { parseArgs } from "node:util";
import type { Flags, FlagTypes, Option, OptionTable } from "./command.ts";
import { suggestion } from "./suggest.ts";
import { UsageError } from "./usage-error.ts";

/** A command line, taken apart. */
export interface Parsed<T extends OptionTable> {
  readonly flags: Flags<T>;
  readonly operands: readonly string[];
}

type FlagValue = FlagTypes[keyof FlagTypes];

/**
 * Takes a command line apart by a table of flags. With `passThrough`, flags end at the first operand.
 *
 * @throws UsageError if a flag is unknown, or has no value or a wrong one.
 */
export function parseFlags<T extends OptionTable>(
  args: readonly string[],
  options: T,
  passThrough: boolean,
): Parsed<T> {
  const values = new Map<string, FlagValue>();
  const operands: string[] = [];
  for (const token of tokenize(args, options)) {
    if (token.kind === "option") {
      const { name, rawName, value } = token;
      const option = findOption(options, name, rawName);
      values.set(name, readValue(option, rawName, value, values.get(name)));
    } else if (token.kind === "positional" && passThrough) {
      operands.push(...args.slice(token.index));
      break;
    } else if (token.kind === "positional") {
      operands.push(token.value);
    }
  }
  const flags = Object.entries(options).map(([name, { type }]) => [name, values.get(name) ?? absent[type]]);
  // Every value was read as its option's type says.
  return { flags: Object.fromEntries(flags) as Flags<T>, operands };
}

const absent = { boolean: false, string: undefined, integer: undefined, strings: [] } as const;

// Strictness is ours: Node's own refuses values that begin with a dash, as in `stop -t -1`.
function tokenize(args: readonly string[], options: OptionTable) {
  const config = Object.entries(options).map(([name, { type, short }]) => [
    name,
    { type: type === "boolean" ? "boolean" : "string", ...(short === undefined ? {} : { short }) } as const,
  ]);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(config),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens;
}

function findOption(options: OptionTable, name: string, rawName: string): Option {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    const known = Object.keys(options).map((long) => `--${long}`);
    throw new UsageError(`unknown flag ${rawName}${rawName.startsWith("--") ? suggestion(rawName, known) : ""}`);
  }
  return option;
}

function readValue(option: Option, rawName: string, value: string | undefined, earlier: FlagValue): FlagValue {
  if (option.type === "boolean") {
    return readBoolean(rawName, value);
  }
  if (value === undefined) {
    throw new UsageError(`${rawName} needs a value`);
  }
  switch (option.type) {
    case "string":
      return value;
    case "integer":
      return readInteger(rawName, value);
    case "strings":
      return [...(Array.isArray(earlier) ? earlier : []), value];
    default:
      return option.type satisfies never;
  }
}

function readBoolean(rawName: string, value: string | undefined): boolean {
  if (value !== undefined && value !== "true" && value !== "false") {
    throw new UsageError(`${rawName} is on or off: it takes true or false, not "${value}"`);
  }
  return value !== "false";
}

function readInteger(rawName: string, value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isSafeInteger(number)) {
    throw new UsageError(`${rawName} takes a whole number, not "${value}"`);
  }
  return number;
}
