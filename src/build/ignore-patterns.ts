import { posix } from "node:path";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";

/** One line of a `.dockerignore`. */
interface Pattern {
  /** Cleaned, without its `!`. */
  readonly text: string;
  /** Whether it began with `!`: what it matches is sent after all. */
  readonly isException: boolean;
  matches(path: string): boolean;
}

/** What is known of one path: whether it is left out, and which patterns matched it or a directory above it. */
export interface IgnoreMatch {
  readonly ignored: boolean;
  readonly matched: readonly boolean[];
}

/**
 * The patterns of a `.dockerignore`, read and matched as the docker CLI does (moby/patternmatcher), which differs from
 * `.gitignore`: patterns count from the context's root, and the last one that matches wins.
 */
export class IgnorePatterns {
  readonly #patterns: readonly Pattern[];

  /** @throws InvalidRequestError if a pattern is malformed. */
  constructor(lines: readonly string[]) {
    this.#patterns = lines
      .map((line) => clean(line.trim()))
      .filter((line) => line !== "")
      .map(toPattern);
  }

  /**
   * Matches a path of the context.
   *
   * @param parent what is known of the directory that it is in; undefined if that is the root
   */
  match(path: string, parent?: IgnoreMatch): IgnoreMatch {
    let ignored = false;
    const matched = this.#patterns.map((pattern, index) => {
      let matches = parent?.matched[index] ?? false;
      if (!matches) {
        // It would not change anything.
        if (pattern.isException !== ignored) {
          return false;
        }
        matches = pattern.matches(path);
      }
      ignored = matches ? !pattern.isException : ignored;
      return matches;
    });
    return { ignored, matched };
  }

  /** Whether a path is left out, when nothing is known of the directories above it. */
  ignores(path: string): boolean {
    const parts = path.split("/");
    let ignored = false;
    for (const pattern of this.#patterns) {
      if (
        pattern.isException === ignored &&
        parts.some((_, index) => pattern.matches(parts.slice(0, index + 1).join("/")))
      ) {
        ignored = !pattern.isException;
      }
    }
    return ignored;
  }

  /** Whether something in a directory that is left out may be sent after all; the CLI looks at the patterns' beginnings. */
  mayHaveExceptionsIn(directory: string): boolean {
    return this.#patterns.some(({ isException, text }) => isException && `${text}/`.startsWith(`${directory}/`));
  }
}

/** Reads the text of a `.dockerignore` into its patterns (moby/patternmatcher/ignorefile). */
export function readIgnoreFile(text: string): string[] {
  return text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const isException = line.startsWith("!");
      const pattern = isException ? line.slice(1).trim() : line;
      const path = pattern === "" ? "" : clean(pattern).replace(/^\/(?=.)/, "");
      return isException ? `!${path}` : path;
    });
}

/** Go's `filepath.Clean`. */
function clean(path: string): string {
  const normal = path === "" ? "" : posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

function toPattern(line: string): Pattern {
  const isException = line.startsWith("!");
  const text = isException ? line.slice(1) : line;
  if (text === "" || !isWellFormed(text)) {
    throw malformed(line);
  }
  return { text, isException, matches: compile(text, line) };
}

/** What Go's `filepath.Match` accepts: classes are closed and have content, and a backslash stands before something. */
function isWellFormed(text: string): boolean {
  const single = String.raw`(?:\\[^]|[^\\\]-])`;
  return new RegExp(String.raw`^(?:\\[^]|[^\\[]|\[\^?(?:${single}(?:-${single})?)+\])*$`).test(text);
}

/** Two stars match any number of directories, none too; one star and a question mark stay within a name. */
function compile(text: string, line: string): (path: string) => boolean {
  if (!/[*?[\]\\]/.test(text)) {
    return (path) => path === text;
  }
  // The CLI compares the beginnings and ends of these, and so does not look for whole names (moby/patternmatcher).
  const [, prefix] = /^([^*?[\]\\]+)\*\*$/.exec(text) ?? [];
  if (prefix !== undefined) {
    return (path) => path.startsWith(prefix);
  }
  const [, suffix] = /^\*\*([^*?[\]\\]*)$/.exec(text) ?? [];
  if (suffix !== undefined) {
    return (path) => path.endsWith(suffix) || (suffix.startsWith("/") && path === suffix.slice(1));
  }
  const expression = toRegExp(text, line);
  return (path) => expression.test(path);
}

function toRegExp(text: string, line: string): RegExp {
  const translate = new Translator(text, line);
  const source = text.replace(/\*\*\/?|\*|\?|\\.|[.+()|{}$/[\]]/gsu, (token, at: number) => translate.token(token, at));
  try {
    return new RegExp(`^${source}$`, "su");
  } catch {
    return fail(line);
  }
}

/** Writes the regular expression that the CLI makes of a pattern; its oddities within classes are kept. */
class Translator {
  readonly #text: string;
  readonly #line: string;
  #inClass = false;

  constructor(text: string, line: string) {
    this.#text = text;
    this.#line = line;
  }

  token(token: string, at: number): string {
    if (token.startsWith("**")) {
      return at + token.length === this.#text.length ? ".*" : "(.*/)?";
    }
    if (token.startsWith("\\")) {
      return escaped(token, this.#line);
    }
    if (token === "[") {
      this.#inClass = true;
      return token;
    }
    if (token === "]" && !this.#inClass) {
      return "\\]";
    }
    const wildcard = wildcards[token];
    this.#inClass &&= token !== "]" && wildcard === undefined;
    return token === "]" ? token : (wildcard ?? `\\${token}`);
  }
}

const wildcards: Readonly<Record<string, string>> = { "*": "[^/]*", "?": "[^/]" };

/** A letter behind a backslash is a class of characters or an error, as for the CLI; all else is itself. */
function escaped(token: string, line: string): string {
  if (/[A-Za-z0-9]$/.test(token)) {
    return /[bBdDsSwWfnrtv]$/.test(token) ? token : fail(line);
  }
  return `\\u{${token.codePointAt(1)?.toString(16)}}`;
}

function fail(line: string): never {
  throw malformed(line);
}

function malformed(line: string): InvalidRequestError {
  return new InvalidRequestError(`${JSON.stringify(line)} is not a pattern of a .dockerignore`, {
    parameter: "context",
  });
}
