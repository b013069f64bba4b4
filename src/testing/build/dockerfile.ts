import { Refusal } from "../http/refusal.ts";
import { type Flag, splitFlags, splitWords } from "./words.ts";

/** One instruction of a Dockerfile. */
export interface Instruction {
  /** In capitals, e.g. `COPY`. */
  readonly name: string;
  /** As it is written, on one line. */
  readonly text: string;
  /** The number of its first line; the first of all is 1. */
  readonly line: number;
  readonly flags: readonly Flag[];
  /** What follows the name and the flags. */
  readonly rest: string;
}

interface Known {
  readonly flags?: readonly string[];
  /** What is said when there are too few arguments. */
  readonly wants?: "at least one argument" | "exactly one argument" | "at least two arguments";
}

const source = "at least two arguments";
const known: Readonly<Record<string, Known>> = {
  ADD: { flags: ["chown", "chmod", "from", "link", "checksum", "keep-git-dir", "exclude", "parents"], wants: source },
  ARG: { wants: "at least one argument" },
  CMD: {},
  COPY: { flags: ["chown", "chmod", "from", "link", "exclude", "parents"], wants: source },
  ENTRYPOINT: {},
  ENV: { wants: "at least one argument" },
  EXPOSE: { wants: "at least one argument" },
  FROM: { flags: ["platform"] },
  HEALTHCHECK: {
    flags: ["interval", "timeout", "start-period", "start-interval", "retries"],
    wants: "at least one argument",
  },
  LABEL: { wants: "at least one argument" },
  MAINTAINER: { wants: "exactly one argument" },
  ONBUILD: { wants: "at least one argument" },
  RUN: { flags: ["mount", "network", "security"], wants: "at least one argument" },
  SHELL: { wants: "at least one argument" },
  STOPSIGNAL: { wants: "exactly one argument" },
  USER: { wants: "exactly one argument" },
  VOLUME: { wants: "at least one argument" },
  WORKDIR: { wants: "exactly one argument" },
};

/**
 * Reads a Dockerfile.
 *
 * @param file its name, which an error repeats
 * @throws Refusal 400 in the words of dockerd's parser (moby/buildkit:frontend/dockerfile/parser).
 */
export function parseDockerfile(text: string, file: string): Instruction[] {
  if (text.length === 0) {
    throw new Refusal(400, `the Dockerfile (${file}) cannot be empty`);
  }
  const instructions = joinLines(text).map(({ text, line }) => parseInstruction(text, line));
  if (instructions.length === 0) {
    throw new Refusal(400, "failed to parse Dockerfile: file with no instructions");
  }
  return instructions;
}

/** Reads one instruction. @throws Refusal 400 as above. */
export function parseInstruction(text: string, line: number): Instruction {
  const [, word = "", after = ""] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const name = word.toUpperCase();
  const shape = Object.hasOwn(known, name) ? known[name] : undefined;
  if (shape === undefined) {
    throw parseError(line, `unknown instruction: ${word}${suggestion(name)}`);
  }
  const { flags, rest } = shape.flags === undefined ? { flags: [], rest: after } : splitFlags(after);
  const wrong = flags.find((flag) => !shape.flags?.includes(flag.name));
  if (wrong !== undefined) {
    throw parseError(line, `unknown flag: --${wrong.name}`);
  }
  checkCount(name, shape, rest, line);
  return { name, text, line, flags, rest };
}

function checkCount(name: string, { wants }: Known, rest: string, line: number): void {
  const count = splitWords(rest).length;
  if (name === "FROM" && count !== 1 && count !== 3) {
    throw parseError(line, "FROM requires either one or three arguments");
  }
  if (wants === source && count === 1 && !rest.startsWith("[")) {
    throw parseError(
      line,
      `${name} requires at least two arguments, but only one was provided. Destination could not be determined`,
    );
  }
  if (wants !== undefined && rest === "") {
    throw parseError(line, `${name} requires ${wants}`);
  }
}

function parseError(line: number, message: string): Refusal {
  return new Refusal(400, `dockerfile parse error on line ${line}: ${message}`);
}

interface Joined {
  readonly text: string;
  readonly line: number;
}

/** Joins lines that end with the escape, and leaves out comments and, within an instruction, empty lines. */
function joinLines(text: string): Joined[] {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const mark = /^#\s*escape\s*=\s*([\\`])\s*$/i.exec(lines[0] ?? "")?.[1] ?? "\\";
  const joined: Joined[] = [];
  let isOpen = false;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || /^\s*#/.test(line)) continue;
    const before = isOpen ? joined.pop() : undefined;
    isOpen = line.trimEnd().endsWith(mark);
    const piece = isOpen ? line.trimEnd().slice(0, -1) : line;
    joined.push({ text: `${before?.text ?? ""}${piece}`, line: before?.line ?? index + 1 });
  }
  return joined.map((each) => ({ ...each, text: each.text.trim() }));
}

/** Names the instruction that is the most like a word, if it differs in no more than two letters. */
function suggestion(name: string): string {
  const near = Object.keys(known)
    .map((each) => ({ each, letters: distance(each, name) }))
    .filter(({ letters }) => letters <= 2)
    .sort((a, b) => a.letters - b.letters)[0];
  return near === undefined ? "" : ` (did you mean ${near.each}?)`;
}

/** How many letters must be put in, left out or changed to make one word of another. */
function distance(from: string, to: string): number {
  let row = [...Array(to.length + 1).keys()];
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(same, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
