import { Refusal } from "../http/refusal.ts";

/** A flag of an instruction: `--from=base` has the name `from`. */
export interface Flag {
  readonly name: string;
  readonly value: string;
}

/** Takes the flags from the beginning of an instruction's arguments. */
export function splitFlags(text: string): { readonly flags: readonly Flag[]; readonly rest: string } {
  const flags: Flag[] = [];
  let rest = text;
  for (let match = flagPattern.exec(rest); match; match = flagPattern.exec(rest)) {
    flags.push({ name: match[1] ?? "", value: match[2] ?? "" });
    rest = rest.slice(match[0].length);
  }
  return { flags, rest };
}

const flagPattern = /^--([\w-]+)(?:=(\S*))?(?:\s+|$)/;

/** Splits at white space that is neither quoted nor behind the escape; quotes stay. */
export function splitWords(text: string): string[] {
  return text.match(/(?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\s\\])+/g) ?? [];
}

/** Reads a list of texts in JSON; undefined if it is none, and so a command of the shell's. */
export function readJsonList(text: string): string[] | undefined {
  if (!text.startsWith("[")) {
    return undefined;
  }
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((item) => typeof item === "string") ? list : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads `a=b "c=d e"`, or the old form `a b`, which gives one pair. Quotes stay.
 *
 * @throws Refusal 400 in dockerd's words if a value is missing.
 */
export function readPairs(instruction: string, text: string): [name: string, value: string][] {
  const words = splitWords(text);
  if (!(words[0] ?? "").includes("=")) {
    const [, name = "", value] = /^(\S+)\s+([\s\S]+)$/.exec(text) ?? [];
    if (value === undefined) {
      throw new Refusal(400, `failed to parse Dockerfile: ${instruction} must have two arguments`);
    }
    return [[name, value]];
  }
  return words.map((word) => {
    const at = word.indexOf("=");
    if (at < 0) {
      throw new Refusal(
        400,
        `failed to parse Dockerfile: Syntax error - can't find = in ${JSON.stringify(word)}. Must be of the form: name=value`,
      );
    }
    return [word.slice(0, at), word.slice(at + 1)];
  });
}
