import { type Applet, type AppletRun, forEachName, type Options, readOptions } from "./applet.ts";
import { expressionOf } from "./expressions.ts";
import { openInput } from "./text.ts";

/** `grep [-EFciqvnohHlsxwr] PATTERN FILE...` */
export const grep: Applet = async (run) => {
  const options = readOptions(run.args, "EFciqvnohHlsxwe:");
  const [first = "", ...rest] = options.names;
  const isGiven = options.has("e");
  const expressions = expressionsOf(isGiven ? options.all("e") : [first], options);
  const names = isGiven ? options.names : rest;
  const isPrefixed = options.has("H") || (names.length > 1 && !options.has("h"));
  let found = 0;
  const status = await forEachName(run, names.length === 0 ? ["-"] : names, async (name) => {
    found += await searchFile(run, { name, prefix: isPrefixed ? `${name}:` : "", expressions, options });
  });
  return status !== 0 && found === 0 ? 2 : Number(found === 0);
};

function expressionsOf(patterns: readonly string[], options: Options): RegExp[] {
  return patterns
    .flatMap((text) => text.split("\n"))
    .map((text) => {
      const plain = options.has("F") ? text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") : text;
      const whole = options.has("x") ? `^${plain}$` : options.has("w") ? `\\b${plain}\\b` : plain;
      return expressionOf(whole, options.has("E") || options.has("F"), options.has("i") ? "gi" : "g");
    });
}

interface Search {
  readonly name: string;
  /** What stands before each line. */
  readonly prefix: string;
  readonly expressions: readonly RegExp[];
  readonly options: Options;
}

/** Gives how many lines were found. */
async function searchFile(run: AppletRun, search: Search): Promise<number> {
  const { name, prefix, options } = search;
  const isSilent = ["c", "l", "q"].some((letter) => options.has(letter));
  const isOnce = options.has("q") || options.has("l");
  let hits = 0;
  let number = 0;
  for await (const line of openInput(run, name).lines()) {
    await run.session.pace.step();
    number += 1;
    const shown = linesFor(line, number, search);
    if (shown === undefined) continue;
    hits += 1;
    if (isOnce) break;
    if (!isSilent) await run.stdout.write(shown);
  }
  const summary = options.has("c") ? `${prefix}${hits}\n` : options.has("l") && hits > 0 ? `${name}\n` : "";
  await run.stdout.write(summary);
  return hits;
}

/** What is printed for a line; undefined if it is not one of those that are wanted. */
function linesFor(line: string, number: number, { prefix, expressions, options }: Search): string | undefined {
  const matched = expressions.flatMap((expression) => [...line.matchAll(expression)].map(([text]) => text));
  if (matched.length > 0 === options.has("v")) {
    return undefined;
  }
  const at = prefix + (options.has("n") ? `${number}:` : "");
  const texts = options.has("o") ? matched.filter((text) => text !== "") : [line];
  return texts.map((text) => `${at}${text}\n`).join("");
}
