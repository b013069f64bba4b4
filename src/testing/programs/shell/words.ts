import { Scanner } from "./scanner.ts";
import { type Parameter, type Part, type Script, ShellSyntaxError, type Word } from "./syntax.ts";

/** Reads the script of a substitution, and goes past the bracket that closes it. */
export type ScriptReader = (scanner: Scanner) => Script;

const operators = /:[-=?+]|##|%%|[-=?+#%]/y;
const names = /[A-Za-z_]\w*|\d+|[@*#?$!-]/y;

/** Reads the words of a script. */
export class WordReader {
  readonly #scanner: Scanner;
  readonly #readScript: ScriptReader;

  constructor(scanner: Scanner, readScript: ScriptReader) {
    this.#scanner = scanner;
    this.#readScript = readScript;
  }

  /** The word that begins here; undefined if none does. */
  read(): Word | undefined {
    const start = this.#scanner.at;
    const parts = this.#parts((next) => /[\s;&|()<>]/.test(next));
    return this.#scanner.at === start ? undefined : parts;
  }

  /** All that is left, as within quotes: the text of a here-document. */
  readQuoted(): Word {
    const parts: Part[] = [];
    while (!this.#scanner.isAtEnd) {
      this.#quotedPart(parts, /[^$`\\]+/y, /[$`\\\n]/);
    }
    return parts;
  }

  #parts(isEnd: (next: string) => boolean): Part[] {
    const parts: Part[] = [];
    while (!this.#scanner.isAtEnd && !isEnd(this.#scanner.peek())) {
      this.#part(parts, isEnd);
    }
    return parts;
  }

  #part(parts: Part[], isEnd: (next: string) => boolean): void {
    const scanner = this.#scanner;
    if (scanner.take("'")) {
      parts.push({ kind: "text", text: scanner.upTo("'", "quoted string"), quoted: true });
    } else if (scanner.take('"')) {
      this.#doubleQuoted(parts);
    } else if (scanner.take("\\")) {
      if (!scanner.take("\n")) {
        parts.push({ kind: "text", text: scanner.next(), quoted: true });
      }
    } else if (scanner.peek() === "$" || scanner.peek() === "`") {
      parts.push(this.#substitution(false));
    } else {
      let text = scanner.next();
      while (/[\w./,:=+@%-]/.test(scanner.peek()) && !isEnd(scanner.peek())) {
        text += scanner.next();
      }
      parts.push({ kind: "text", text, quoted: false });
    }
  }

  #doubleQuoted(parts: Part[]): void {
    if (this.#scanner.take('"')) {
      parts.push({ kind: "text", text: "", quoted: true });
      return;
    }
    while (!this.#scanner.take('"')) {
      if (this.#scanner.isAtEnd) {
        throw new ShellSyntaxError("syntax error: unterminated quoted string", true);
      }
      this.#quotedPart(parts, /[^"$`\\]+/y, /["$`\\\n]/);
    }
  }

  #quotedPart(parts: Part[], plain: RegExp, escapable: RegExp): void {
    const scanner = this.#scanner;
    const text = scanner.match(plain);
    if (text !== "") {
      parts.push({ kind: "text", text, quoted: true });
    } else if (scanner.take("\\")) {
      const next = scanner.next();
      const escaped = escapable.test(next) ? next : `\\${next}`;
      parts.push({ kind: "text", text: next === "\n" ? "" : escaped, quoted: true });
    } else {
      parts.push(this.#substitution(true));
    }
  }

  #substitution(quoted: boolean): Part {
    const scanner = this.#scanner;
    if (scanner.take("`")) {
      const text = scanner.upTo("`", "backquote substitution").replace(/\\([$`\\])/g, "$1");
      return { kind: "command", script: this.#readScript(new Scanner(`${text}\n)`)), quoted };
    }
    scanner.take("$");
    if (scanner.take("((")) {
      return { kind: "arithmetic", expression: this.#arithmetic(), quoted };
    }
    if (scanner.take("(")) {
      return { kind: "command", script: this.#readScript(scanner), quoted };
    }
    if (scanner.take("{")) {
      return { kind: "parameter", parameter: this.#braced(), quoted };
    }
    const name = scanner.match(/[A-Za-z_]\w*|[\d@*#?$!-]/y);
    return name === ""
      ? { kind: "text", text: "$", quoted }
      : { kind: "parameter", parameter: { name, operator: undefined, word: [] }, quoted };
  }

  #braced(): Parameter {
    const scanner = this.#scanner;
    if (/^#[^}]/.test(scanner.peek(2)) && scanner.take("#")) {
      const name = scanner.match(names);
      this.#close(name);
      return { name, operator: "length", word: [] };
    }
    const name = scanner.match(names);
    const operator = scanner.match(operators) || undefined;
    const word = operator === undefined ? [] : this.#parts((next) => next === "}");
    this.#close(name);
    return { name, operator, word };
  }

  #close(name: string): void {
    if (this.#scanner.isAtEnd) {
      throw new ShellSyntaxError("syntax error: missing '}'", true);
    }
    if (name === "" || !this.#scanner.take("}")) {
      throw new ShellSyntaxError("syntax error: bad substitution", false);
    }
  }

  /** Up to the two closing brackets that belong to the two before it. */
  #arithmetic(): Word {
    const parts: Part[] = [];
    for (let depth = 0; depth > 0 || !this.#scanner.take("))"); ) {
      if (this.#scanner.isAtEnd) {
        throw new ShellSyntaxError("syntax error: missing '))'", true);
      }
      if (/[$`\\]/.test(this.#scanner.peek())) {
        this.#quotedPart(parts, /[^$`\\()"]+/y, /[$`\\\n]/);
        continue;
      }
      const text = this.#scanner.next();
      depth += text === "(" ? 1 : text === ")" ? -1 : 0;
      parts.push({ kind: "text", text, quoted: true });
    }
    return parts;
  }
}
