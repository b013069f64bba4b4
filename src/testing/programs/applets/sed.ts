import { type Applet, AppletError, forEachName, pathOf, readOptions } from "./applet.ts";
import { expressionOf } from "./expressions.ts";
import { collect, linesOf, openInput } from "./text.ts";

interface SedCommand {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly verb: string;
  readonly expression?: RegExp;
  readonly replacement?: string;
  readonly print?: boolean;
}

/** `sed [-n] [-E] [-i] SCRIPT FILE...` with `s`, `d`, `p` and `q`, for lines by number, `$` or expression. */
export const sed: Applet = async (run) => {
  const options = readOptions(run.args, "nErie:");
  const [first = "", ...rest] = options.names;
  const isGiven = options.has("e");
  const script = isGiven ? options.all("e").join("\n") : first;
  const names = isGiven ? options.names : rest;
  const commands = parseSed(script, options.has("E") || options.has("r"));
  if (!options.has("i")) {
    const lines = await collect(linesOf(run, names));
    await run.stdout.write(edit(lines, commands, options.has("n")));
    return 0;
  }
  return forEachName(run, names, async (name) => {
    const lines = await collect(openInput(run, name).lines());
    run.files.writeFile(pathOf(run, name), edit(lines, commands, options.has("n")));
  });
};

function parseSed(script: string, isExtended: boolean): SedCommand[] {
  const commands: SedCommand[] = [];
  let rest = script.trim();
  while (rest !== "") {
    const [head, from, to, verb = ""] =
      /^(?:(\d+|\$|\/(?:\\.|[^/])*\/)(?:,(\d+|\$|\/(?:\\.|[^/])*\/))?)?\s*([sdpq])/.exec(rest) ?? unsupported(rest);
    rest = rest.slice(head.length);
    if (verb === "s") {
      const separator = rest[0] ?? "/";
      const quoted = separator.replace(/[|.*+?^$()[\]{}\\]/, "\\$&");
      const part = `((?:\\\\[sS]|(?!${quoted})[^\\\\])*)`;
      const [whole, pattern = "", replacement = "", flags = ""] =
        new RegExp(`^${quoted}${part}${quoted}${part}${quoted}([gpiI]*)`).exec(rest) ?? unsupported(rest);
      rest = rest.slice(whole.length);
      const letters = `${flags.includes("g") ? "g" : ""}${/i/i.test(flags) ? "i" : ""}`;
      const expression = expressionOf(pattern.replaceAll(`\\${separator}`, separator), isExtended, letters);
      commands.push({ from, to, verb, expression, replacement, print: flags.includes("p") });
    } else {
      commands.push({ from, to, verb });
    }
    rest = rest.replace(/^[\s;]+/, "");
  }
  return commands;
}

function unsupported(script: string): never {
  throw new AppletError(`unsupported command ${script}`);
}

function edit(lines: readonly string[], commands: readonly SedCommand[], isQuiet: boolean): string {
  const out: string[] = [];
  const open = new Set<SedCommand>();
  for (const [index, original] of lines.entries()) {
    const chosen = (command: SedCommand, line: string) => applies(command, line, index + 1, lines.length, open);
    const { line, printed, isLast } = editLine(original, commands, chosen);
    out.push(...printed, ...(line === undefined || isQuiet ? [] : [line]));
    if (isLast) break;
  }
  return out.map((line) => `${line}\n`).join("");
}

/** What becomes of a line, undefined for nothing; what was printed besides; and whether it was the last. */
function editLine(
  original: string,
  commands: readonly SedCommand[],
  isChosen: (command: SedCommand, line: string) => boolean,
): { line: string | undefined; printed: string[]; isLast: boolean } {
  const printed: string[] = [];
  let line = original;
  for (const command of commands) {
    const before = line;
    if (!isChosen(command, line)) continue;
    switch (command.verb) {
      case "d":
        return { line: undefined, printed, isLast: false };
      case "q":
        return { line, printed, isLast: true };
      case "p":
        printed.push(line);
        break;
      default:
        line = substitute(command, line);
        if (command.print && line !== before) printed.push(line);
    }
  }
  return { line, printed, isLast: false };
}

function applies(command: SedCommand, line: string, number: number, last: number, open: Set<SedCommand>): boolean {
  const { from, to } = command;
  if (from === undefined) return true;
  const isAt = (address: string) =>
    address === "$"
      ? number === last
      : /^\d/.test(address)
        ? number === Number(address)
        : expressionOf(address.slice(1, -1), false, "").test(line);
  if (to === undefined) return isAt(from);
  if (open.has(command)) {
    if (isAt(to)) open.delete(command);
    return true;
  }
  if (!isAt(from)) return false;
  if (!(/^\d/.test(to) && Number(to) <= number)) open.add(command);
  return true;
}

function substitute({ expression = /$^/, replacement = "" }: SedCommand, line: string): string {
  return line.replace(expression, (...found: unknown[]) =>
    replacement.replace(/\\([\s\S])|&/g, (text, escaped) => {
      if (text === "&") return String(found[0]);
      if (/\d/.test(escaped)) return String(found[Number(escaped)] ?? "");
      return escaped === "n" ? "\n" : escaped;
    }),
  );
}
