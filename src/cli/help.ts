import type { Command, Option, OptionTable } from "./command.ts";
import { commands, globalOptions, topOptions } from "./commands.ts";

/** The help of `fairlead --help`. */
export function generalHelp(): string {
  const rows = Object.entries(commands).map(([name, { summary }]): [string, string] => [name, summary]);
  return [
    "Usage: fairlead [FLAGS] COMMAND",
    "",
    "Speaks to a Docker engine, or to Podman: to the one of --host or --context, else to the one that",
    "the docker command line would choose (see fairlead context explain).",
    "",
    "Commands:",
    ...columns(rows),
    "",
    "Flags:",
    ...columns(flagRows(topOptions)),
    "",
    "fairlead COMMAND --help tells more of a command.",
    "",
  ].join("\n");
}

/** The help of commands whose names begin with the same word. */
export function groupHelp(group: string, names: readonly string[]): string {
  const rows = names.map((name): [string, string] => [name, commands[name]?.summary ?? ""]);
  return [
    `Usage: fairlead ${group} [COMMAND] [FLAGS]`,
    "",
    `Commands; ${group} alone is ${group} explain:`,
    ...columns(rows),
    "",
    `fairlead ${group} COMMAND --help tells more of a command.`,
    "",
  ].join("\n");
}

/** The help of `fairlead COMMAND --help`. */
export function commandHelp(name: string, { usage, options, examples }: Command): string {
  const own = Object.keys(options).length === 0 ? [] : ["", "Flags:", ...columns(flagRows(options))];
  return [
    `Usage: fairlead ${name} ${usage}`.trimEnd(),
    "",
    `${commands[name]?.summary ?? ""}.`,
    ...own,
    "",
    "Flags of every command:",
    ...columns(flagRows(globalOptions)),
    "",
    examples.length === 1 ? "Example:" : "Examples:",
    ...examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}

function flagRows(options: OptionTable): [string, string][] {
  return Object.entries(options).map(([name, option]) => [flagName(name, option), option.summary]);
}

function flagName(name: string, { short, type, placeholder }: Option): string {
  const value = type === "boolean" ? "" : ` ${placeholder ?? "VALUE"}`;
  return `${short === undefined ? "    " : `-${short}, `}--${name}${value}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
