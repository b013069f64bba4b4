import { ShellSyntaxError } from "./syntax.ts";

/** Goes through the text of a script, character by character. */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  peek(length = 1): string {
    return this.text.slice(this.at, this.at + length);
  }

  next(): string {
    const character = this.peek();
    this.at += 1;
    return character;
  }

  /** Goes past `text` if it comes next. */
  take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) {
      return false;
    }
    this.at += text.length;
    return true;
  }

  /** Goes past what a sticky expression matches here, and gives it. */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found = ""] = pattern.exec(this.text) ?? [];
    this.at += found.length;
    return found;
  }

  /** Goes past everything up to `end`, and past that. */
  upTo(end: string, what: string): string {
    const until = this.text.indexOf(end, this.at);
    if (until < 0) {
      throw new ShellSyntaxError(`syntax error: unterminated ${what}`, true);
    }
    const found = this.text.slice(this.at, until);
    this.at = until + end.length;
    return found;
  }

  /** Spaces, comments and joined lines. */
  skipBlanks(): void {
    this.match(/(?:[ \t]|\\\n)+/y);
    this.match(/#[^\n]*/y);
  }

  unexpected(): ShellSyntaxError {
    if (this.isAtEnd) {
      return new ShellSyntaxError("syntax error: unexpected end of file", true);
    }
    const found = this.match(/&&|\|\||;;|\n|[;&|()<>]|[^\s;&|()<>]+/y);
    return new ShellSyntaxError(`syntax error: unexpected ${found === "\n" ? "newline" : `"${found}"`}`, false);
  }
}
