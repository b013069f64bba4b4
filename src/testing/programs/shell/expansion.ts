import { calculate } from "./arithmetic.ts";
import { ShellError } from "./control.ts";
import { escapePattern, findPaths, patternSource } from "./patterns.ts";
import type { Shell } from "./shell.ts";
import type { Parameter, Part, Word } from "./syntax.ts";

/** A piece of what a word turns into. */
interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  /** Whether it comes from an expansion, so that it is split into fields unless it is quoted. */
  readonly split: boolean;
  /** Whether a new field begins here: the next of `"$@"`. */
  readonly breaks?: boolean;
}

/** The value of a word that is one, such as what is assigned. */
export async function expandText(word: Word, shell: Shell): Promise<string> {
  return (await piecesOf(word, shell)).map(({ text, breaks }) => (breaks ? ` ${text}` : text)).join("");
}

/** The same as a pattern: what is quoted stands for itself. */
export async function expandPattern(word: Word, shell: Shell): Promise<string> {
  return (await piecesOf(word, shell)).map(({ text, quoted }) => (quoted ? escapePattern(text) : text)).join("");
}

/** The fields of some words, split and with the paths that match. */
export async function expandFields(words: readonly Word[], shell: Shell): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    for (const { text, pattern } of fieldsOf(await piecesOf(word, shell), shell.variables.get("IFS") ?? " \t\n")) {
      const found = shell.options.has("f") ? [] : findPaths(pattern, shell.session.context.files, shell.folder);
      fields.push(...(found.length > 0 ? found : [text]));
    }
  }
  return fields;
}

interface Field {
  text: string;
  pattern: string;
}

function fieldsOf(pieces: readonly Piece[], separators: string): Field[] {
  const fields: Field[] = [];
  let last: Field | undefined;
  const add = (text: string, pattern: string) => {
    if (last === undefined) {
      last = { text: "", pattern: "" };
      fields.push(last);
    }
    last.text += text;
    last.pattern += pattern;
  };
  for (const piece of pieces) {
    last = piece.breaks ? undefined : last;
    for (const token of tokensOf(piece, separators)) {
      if (token === undefined) last = undefined;
      else add(token, piece.quoted ? escapePattern(token) : token);
    }
  }
  return fields;
}

/** What a piece adds to fields, and `undefined` where one ends. */
function tokensOf({ text, quoted, split }: Piece, separators: string): (string | undefined)[] {
  if (quoted || !split) {
    return text === "" && !quoted ? [] : [text];
  }
  return splitText(text, separators);
}

/** The fields of a text, and `undefined` where one ends. White space separates however much there is of it. */
function splitText(text: string, separators: string): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  let field = "";
  let wasSeparator = true;
  for (const character of text) {
    if (!separators.includes(character)) {
      field += character;
      wasSeparator = false;
      continue;
    }
    const isBlank = /\s/.test(character);
    if (field !== "" || (!isBlank && wasSeparator)) found.push(field);
    found.push(undefined);
    wasSeparator = !isBlank;
    field = "";
  }
  return field === "" ? found : [...found, field];
}

async function piecesOf(word: Word, shell: Shell): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const [index, part] of word.entries()) {
    pieces.push(...(await piecesOfPart(index === 0 ? withHome(part, shell) : part, shell)));
  }
  return pieces;
}

function withHome(part: Part, shell: Shell): Part {
  if (part.kind !== "text" || part.quoted || !/^~(?:\/|$)/.test(part.text)) {
    return part;
  }
  return { ...part, text: (shell.variables.get("HOME") ?? "~") + part.text.slice(1), quoted: true };
}

async function piecesOfPart(part: Part, shell: Shell): Promise<Piece[]> {
  const { quoted } = part;
  switch (part.kind) {
    case "text":
      return [{ text: part.text, quoted, split: false }];
    case "command":
      return [{ text: await shell.capture(part.script), quoted, split: true }];
    case "arithmetic": {
      const value = calculate(await expandText(part.expression, shell), {
        get: (name) => shell.valueOf(name) ?? "",
        set: (name, text) => shell.assign(name, text),
      });
      return [{ text: String(value), quoted, split: true }];
    }
    case "parameter":
      return piecesOfParameter(part.parameter, quoted, shell);
  }
}

async function piecesOfParameter(parameter: Parameter, quoted: boolean, shell: Shell): Promise<Piece[]> {
  const { name, operator } = parameter;
  if ((name === "@" || (name === "*" && !quoted)) && operator === undefined) {
    return shell.positional.map((text, index) => ({ text, quoted, split: true, breaks: index > 0 }));
  }
  const value = shell.valueOf(name);
  const isThere = value !== undefined && !(operator?.startsWith(":") && value === "");
  const isConditional = /^:?[-+=?]$/.test(operator ?? "");
  if (isConditional && isThere !== (operator?.endsWith("+") ?? false)) {
    return isThere ? [{ text: value, quoted, split: true }] : [];
  }
  return isConditional
    ? standIn(parameter, quoted, shell)
    : [{ text: await changed(parameter, value, shell), quoted, split: true }];
}

/** What is there instead of a parameter's value. */
async function standIn({ name, operator, word }: Parameter, quoted: boolean, shell: Shell): Promise<Piece[]> {
  if (operator?.endsWith("?")) {
    throw new ShellError(`${name}: ${(await expandText(word, shell)) || "parameter not set"}`, 2);
  }
  if (operator?.endsWith("=")) {
    const text = await expandText(word, shell);
    shell.assign(name, text);
    return [{ text, quoted, split: true }];
  }
  return asWord(await piecesOf(word, shell), quoted);
}

/** What stands in for a parameter is split where it is not quoted. */
function asWord(pieces: readonly Piece[], quoted: boolean): Piece[] {
  return pieces.map((piece) => ({ ...piece, quoted: quoted || piece.quoted, split: true }));
}

async function changed({ name, operator, word }: Parameter, value: string | undefined, shell: Shell): Promise<string> {
  if (value === undefined && shell.options.has("u")) {
    throw new ShellError(`${name}: parameter not set`, 2);
  }
  const text = value ?? "";
  if (operator === undefined) return text;
  if (operator === "length") return String(text.length);
  const source = patternSource(await expandPattern(word, shell), false);
  return operator.startsWith("#") ? withoutStart(text, source, operator) : withoutEnd(text, source, operator);
}

function withoutStart(text: string, source: string, operator: string): string {
  const shortest = source.replaceAll("[\\s\\S]*", "[\\s\\S]*?");
  return text.replace(new RegExp(`^(?:${operator === "#" ? shortest : source})`), "");
}

/** The shortest end that matches is tried first, or last. */
function withoutEnd(text: string, source: string, operator: string): string {
  const whole = new RegExp(`^(?:${source})$`);
  const ends = Array.from({ length: text.length + 1 }, (_, index) => index);
  const cut = (operator === "%" ? ends.reverse() : ends).find((index) => whole.test(text.slice(index)));
  return cut === undefined ? text : text.slice(0, cut);
}
