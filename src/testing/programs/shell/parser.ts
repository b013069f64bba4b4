import { parseCompound } from "./compounds.ts";
import { Scanner } from "./scanner.ts";
import {
  type AndOr,
  type Assignment,
  type Command,
  type Pipeline,
  type Redirection,
  type Script,
  ShellSyntaxError,
  type Statement,
  type Word,
} from "./syntax.ts";
import { WordReader } from "./words.ts";

/**
 * Reads a script.
 *
 * @throws ShellSyntaxError if it is none.
 */
export function parseScript(text: string): Script {
  const parser = new Parser(new Scanner(text));
  const script = parser.script();
  parser.end();
  return script;
}

/** Words that end a list of commands where a command could begin. */
const closers = /(?:then|elif|else|fi|do|done|esac|\})(?=[\s;&|()<>]|$)/y;
const redirections = /\d*(?:<<-?|<&|<>|<|>>|>&|>\||>)/y;

/** Reads commands, and what they consist of. */
export class Parser {
  readonly scanner: Scanner;
  readonly #words: WordReader;
  /** Here-documents whose text comes after the line. */
  #pending: {
    readonly redirection: Redirection;
    readonly end: string;
    readonly raw: boolean;
    readonly tabs: boolean;
  }[] = [];

  constructor(scanner: Scanner) {
    this.scanner = scanner;
    this.#words = new WordReader(scanner, readBracketed);
  }

  /** Commands, up to what cannot be one. */
  script(): Script {
    const statements: Statement[] = [];
    for (this.skipLines(); !this.#isOver(); this.skipLines()) {
      const list = this.#andOr();
      this.scanner.skipBlanks();
      const background = this.scanner.peek(2) !== "&&" && this.scanner.take("&");
      statements.push({ list, background });
      if (!background) {
        this.#separator();
      }
    }
    return statements;
  }

  /** A script that must not be empty. */
  body(): Script {
    const script = this.script();
    if (script.length === 0) {
      throw this.scanner.unexpected();
    }
    return script;
  }

  end(): void {
    if (!this.scanner.isAtEnd) {
      throw this.scanner.unexpected();
    }
  }

  expect(text: string): void {
    this.skipLines();
    if (!this.scanner.take(text)) {
      throw this.scanner.unexpected();
    }
  }

  /** Goes past a reserved word. */
  keyword(word: string): boolean {
    return this.scanner.match(new RegExp(`${word.replace(/[{}!]/, "\\$&")}(?=[\\s;&|()<>]|$)`, "y")) !== "";
  }

  expectKeyword(word: string): void {
    this.skipLines();
    if (!this.keyword(word)) {
      throw this.scanner.unexpected();
    }
  }

  /** Spaces, comments and ends of lines, with the here-documents behind these. */
  skipLines(): void {
    for (this.scanner.skipBlanks(); this.scanner.take("\n"); this.scanner.skipBlanks()) {
      this.#readHereDocuments();
    }
  }

  word(): Word | undefined {
    this.scanner.skipBlanks();
    return this.#words.read();
  }

  #isOver(): boolean {
    const { scanner } = this;
    if (scanner.isAtEnd || scanner.peek() === ")" || scanner.peek(2) === ";;") {
      return true;
    }
    const start = scanner.at;
    const found = scanner.match(closers);
    scanner.at = start;
    return found !== "";
  }

  /** What stands between two commands. */
  #separator(): void {
    const { scanner } = this;
    if (scanner.peek(2) !== ";;" && scanner.take(";")) return;
    if (scanner.peek() !== "\n" && !this.#isOver()) {
      throw scanner.unexpected();
    }
  }

  #andOr(): AndOr {
    const first = this.#pipeline();
    const rest: AndOr["rest"][number][] = [];
    for (;;) {
      this.scanner.skipBlanks();
      const operator = this.scanner.take("&&") ? "&&" : this.scanner.take("||") ? "||" : undefined;
      if (operator === undefined) return { first, rest };
      this.skipLines();
      rest.push({ operator, pipeline: this.#pipeline() });
    }
  }

  #pipeline(): Pipeline {
    this.scanner.skipBlanks();
    const negated = this.keyword("!");
    const commands = [this.command()];
    for (this.scanner.skipBlanks(); this.scanner.peek(2) !== "||" && this.scanner.take("|"); ) {
      this.skipLines();
      commands.push(this.command());
      this.scanner.skipBlanks();
    }
    return { negated, commands };
  }

  command(): Command {
    this.scanner.skipBlanks();
    const defined = this.scanner.match(/[A-Za-z_][\w-]*[ \t]*\([ \t]*\)/y);
    if (defined !== "") {
      this.skipLines();
      return { kind: "function", name: defined.replace(/[ \t]*\(.*/, ""), body: this.command() };
    }
    const body = parseCompound(this);
    return body === undefined ? this.#simple() : { kind: "compound", body, redirections: this.#redirections() };
  }

  #simple(): Command {
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const found: Redirection[] = [];
    for (;;) {
      found.push(...this.#redirections());
      const name = words.length === 0 ? this.scanner.match(/[A-Za-z_]\w*=/y) : "";
      const word = name === "" ? this.word() : (this.#words.read() ?? []);
      if (word === undefined) break;
      if (name === "") words.push(word);
      else assignments.push({ name: name.slice(0, -1), value: word });
    }
    if (words.length + assignments.length + found.length === 0) {
      throw this.scanner.unexpected();
    }
    return { kind: "simple", assignments, words, redirections: found };
  }

  #redirections(): Redirection[] {
    const found: Redirection[] = [];
    for (this.scanner.skipBlanks(); ; this.scanner.skipBlanks()) {
      const text = this.scanner.match(redirections);
      if (text === "") return found;
      found.push(this.#redirection(text));
    }
  }

  #redirection(text: string): Redirection {
    const [, number = "", written = ""] = /^(\d*)(.*)$/.exec(text) ?? [];
    const target = this.word();
    if (target === undefined) {
      throw this.scanner.unexpected();
    }
    // The expression above matches nothing else.
    const operator = written.replace("<<-", "<<") as Redirection["operator"];
    const redirection = { from: number === "" ? Number(!written.startsWith("<")) : Number(number), operator, target };
    if (operator === "<<") {
      const end = target.map((part) => (part.kind === "text" ? part.text : "$")).join("");
      const raw = target.some(({ quoted }) => quoted);
      this.#pending.push({ redirection, end, raw, tabs: written === "<<-" });
    }
    return redirection;
  }

  #readHereDocuments(): void {
    for (const { redirection, end, raw, tabs } of this.#pending.splice(0)) {
      let text = "";
      for (;;) {
        if (this.scanner.isAtEnd) {
          throw new ShellSyntaxError(`syntax error: here-document without ${end}`, true);
        }
        const line = this.scanner.match(/[^\n]*\n?/y).replace(tabs ? /^\t+/ : "", "");
        if (line.replace(/\n$/, "") === end) break;
        text += line;
      }
      redirection.target = raw
        ? [{ kind: "text", text, quoted: true }]
        : new WordReader(new Scanner(text), readBracketed).readQuoted();
    }
  }
}

/** The script of a substitution. */
function readBracketed(scanner: Scanner): Script {
  const parser = new Parser(scanner);
  const script = parser.script();
  parser.expect(")");
  return script;
}
