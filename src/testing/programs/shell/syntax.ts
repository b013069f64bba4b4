/** A piece of a word. What is quoted is neither split nor taken for a pattern. */
export type Part =
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean }
  | { readonly kind: "parameter"; readonly parameter: Parameter; readonly quoted: boolean }
  | { readonly kind: "command"; readonly script: Script; readonly quoted: boolean }
  | { readonly kind: "arithmetic"; readonly expression: Word; readonly quoted: boolean };

export type Word = readonly Part[];

/** `$name`, `${name}`, `${#name}`, or `${name:-word}` and its like. */
export interface Parameter {
  readonly name: string;
  /** E.g. `:-`, `-`, `:=`, `:?`, `:+`, `#`, `##`, `%`, `%%`; `length` for `${#name}`; undefined for the plain value. */
  readonly operator: string | undefined;
  readonly word: Word;
}

export interface Redirection {
  /** The number of what is redirected. */
  readonly from: number;
  readonly operator: "<" | ">" | ">>" | ">|" | "<>" | "<&" | ">&" | "<<";
  /** The file, the number, or the text of a here-document, which is filled in when it was read. */
  target: Word;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

export interface SimpleCommand {
  readonly kind: "simple";
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
}

interface Compound {
  readonly kind: "compound";
  readonly body: Body;
  readonly redirections: readonly Redirection[];
}

export type Body =
  | { readonly kind: "group" | "subshell"; readonly script: Script }
  | { readonly kind: "if"; readonly branches: readonly Branch[]; readonly otherwise: Script | undefined }
  | { readonly kind: "while" | "until"; readonly condition: Script; readonly script: Script }
  | {
      readonly kind: "for";
      readonly name: string;
      readonly words: readonly Word[] | undefined;
      readonly script: Script;
    }
  | { readonly kind: "case"; readonly word: Word; readonly items: readonly CaseItem[] };

export interface Branch {
  readonly condition: Script;
  readonly script: Script;
}

export interface CaseItem {
  readonly patterns: readonly Word[];
  readonly script: Script;
}

interface FunctionDefinition {
  readonly kind: "function";
  readonly name: string;
  readonly body: Command;
}

export type Command = SimpleCommand | Compound | FunctionDefinition;

export interface Pipeline {
  readonly negated: boolean;
  readonly commands: readonly Command[];
}

/** Pipelines that depend on those before. */
export interface AndOr {
  readonly first: Pipeline;
  readonly rest: readonly { readonly operator: "&&" | "||"; readonly pipeline: Pipeline }[];
}

export interface Statement {
  readonly list: AndOr;
  readonly background: boolean;
}

export type Script = readonly Statement[];

/** Thrown when a text is no script. */
export class ShellSyntaxError extends Error {
  override readonly name = "ShellSyntaxError";
  /** Whether more text could make it one, as for someone who is still typing. */
  readonly incomplete: boolean;

  constructor(message: string, incomplete: boolean) {
    super(message);
    this.incomplete = incomplete;
  }
}
