import type { Applet } from "./applet.ts";

const shorthands: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** What the shorthands in a text stand for; `\c` ends it. Bytes above 127 come out as they are. */
function unescaped(text: string): Buffer {
  const pieces: Buffer[] = [];
  for (const [found, code] of text.matchAll(/\\(x[\da-fA-F]{1,2}|0?[0-7]{1,3}|[\s\S])|[^\\]+|\\$/g)) {
    if (code === "c") break;
    if (code === undefined) pieces.push(Buffer.from(found));
    else if (/^x./.test(code)) pieces.push(Buffer.of(Number.parseInt(code.slice(1), 16)));
    else if (/^[0-7]/.test(code)) pieces.push(Buffer.of(Number.parseInt(code, 8) & 255));
    else pieces.push(Buffer.from(shorthands[code] ?? found));
  }
  return Buffer.concat(pieces);
}

/** `echo [-n] [-e] TEXT...` */
export const echo: Applet = async ({ args, stdout }) => {
  const rest = [...args];
  let flags = "";
  while (/^-[neE]+$/.test(rest[0] ?? "")) {
    flags += rest.shift();
  }
  const text = `${rest.join(" ")}${flags.includes("n") ? "" : "\n"}`;
  const isCut = flags.includes("e") && /\\c/.test(text);
  await stdout.write(flags.includes("e") ? unescaped(isCut ? text.replace(/\n$/, "") : text) : text);
};

const directive = /%%|%([-+ 0#]*)(\*|\d*)(?:\.(\*|\d*))?([a-zA-Z])/g;

/** `printf FORMAT ARGUMENT...`: the format is used until no argument is left. */
export const printf: Applet = async ({ args, stdout }) => {
  const [format = "", ...values] = args;
  const todo = [...values];
  const pieces: Buffer[] = [];
  do {
    const before = todo.length;
    pieces.push(formatOnce(format, todo));
    if (todo.length === before) break;
  } while (todo.length > 0);
  await stdout.write(Buffer.concat(pieces));
};

function formatOnce(format: string, todo: string[]): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const found of format.matchAll(directive)) {
    const [whole, flags = "", width = "", precision, kind] = found;
    pieces.push(unescaped(format.slice(at, found.index)));
    at = found.index + whole.length;
    if (kind === undefined) {
      pieces.push(Buffer.from("%"));
      continue;
    }
    const size = Number(width === "*" ? todo.shift() : width);
    const digits = precision === "*" ? todo.shift() : precision;
    pieces.push(pad(convert(kind, todo.shift() ?? "", digits), flags, size));
  }
  return Buffer.concat([...pieces, unescaped(format.slice(at))]);
}

function convert(kind: string, value: string, precision: string | undefined): Buffer {
  if (kind === "b") return unescaped(value);
  if (kind === "s") return Buffer.from(precision === undefined ? value : value.slice(0, Number(precision)));
  if (kind === "c") return Buffer.from(value.slice(0, 1));
  const number = /^['"]/.test(value) ? (value.codePointAt(1) ?? 0) : Number(value) || 0;
  return Buffer.from(numberText(kind, number, precision));
}

function numberText(kind: string, number: number, precision: string | undefined): string {
  switch (kind) {
    case "x":
      return Math.trunc(number).toString(16);
    case "X":
      return Math.trunc(number).toString(16).toUpperCase();
    case "o":
      return Math.trunc(number).toString(8);
    case "f":
    case "g":
    case "e":
      return number.toFixed(Number(precision ?? 6));
    default:
      return String(Math.trunc(number)).padStart(Number(precision ?? 0), "0");
  }
}

function pad(text: Buffer, flags: string, size: number): Buffer {
  const missing = size - text.toString().length;
  if (!(missing > 0)) return text;
  if (flags.includes("-")) return Buffer.concat([text, Buffer.alloc(missing, " ")]);
  return Buffer.concat([Buffer.alloc(missing, flags.includes("0") ? "0" : " "), text]);
}
