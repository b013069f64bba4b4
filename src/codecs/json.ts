import type { ErrorContext } from "../errors/fairlead-error.ts";
import { JsonError } from "../errors/json-error.ts";
import { decodeUtf8 } from "./utf8.ts";

/** Where JSON comes from, and how its numbers are read. */
export interface JsonOptions {
  /** The HTTP status of the answer. */
  readonly status?: number | undefined;
  /**
   * The keys, made of letters, whose integers become a bigint wherever they stand, e.g. `timeNano`, or only inside an
   * object that stands under another key, e.g. `pids_stats.limit`. Default: none.
   */
  readonly bigints?: readonly string[] | undefined;
  readonly context?: ErrorContext | undefined;
}

/**
 * Parses the whole body of an answer. What T says of it is not checked.
 *
 * @throws JsonError if the bytes are not JSON in UTF-8.
 */
export function parseJson<T>(bytes: Uint8Array, options: JsonOptions = {}): T {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    throw jsonError("The engine's answer is not UTF-8", bytes, 0, options);
  }
  try {
    // What the engine sends is what the specification says, unless the engine is wrong.
    return jsonParser(options.bigints)(text) as T;
  } catch (cause) {
    throw jsonError("The engine's answer is not JSON", bytes, 0, options, cause);
  }
}

const keptBytes = 64 * 1024;

/** Makes the error for bytes that are not JSON, keeping a copy of the first 64 KiB of them. */
export function jsonError(
  message: string,
  bytes: Uint8Array,
  position: number,
  { status, context }: JsonOptions,
  cause?: unknown,
): JsonError {
  return new JsonError(
    message,
    { status, bytes: new Uint8Array(bytes.subarray(0, keptBytes)), position },
    { ...context, cause },
  );
}

/**
 * Gives the function that parses JSON. Under the given keys it makes integers bigints, exactly; `JSON.parse` alone would
 * round those beyond 2^53.
 */
export function jsonParser(bigints: readonly string[] = []): (text: string) => unknown {
  if (bigints.length === 0) {
    return JSON.parse;
  }
  const members = bigints.map((path) => path.split(".").reverse()).map(([key = "", within]) => ({ key, within }));
  const pattern = memberPattern([...new Set(members.map(({ key }) => key))]);
  const [only] = members;
  const parseSimple = members.length === 1 && only?.within === undefined ? simpleParser(only?.key ?? "") : undefined;
  return (text) => {
    const parsed = parseSimple?.(text);
    if (parsed !== undefined) {
      return parsed;
    }
    let count = 0;
    // Integers become strings before the text is parsed. To tell them from the strings that stand under the same key,
    // both get a first character, which is taken away again.
    const marked = text.replace(pattern, (_, member: string, integer: string | undefined) => {
      count += 1;
      return integer === undefined ? `${member}"s` : `${member}"i${integer}"`;
    });
    const value: unknown = JSON.parse(marked);
    restoreMembers(value, members, count);
    return value;
  };
}

/**
 * Gives a parser for objects that have the key once, as their own, and no backslash anywhere, which is what events are: it
 * costs a fifth of the way that is always right. For any other text it gives undefined.
 */
function simpleParser(key: string): (text: string) => unknown {
  const member = `"${key}":`;
  // A search is fast when it begins with a rare character, and in JSON no character is as frequent as the quote.
  const rare = member.search(/[A-Z][^A-Z]*$/);
  const skipped = Math.max(rare, 1);
  const searched = member.slice(skipped, -1);
  return (text) => {
    const found = text.indexOf(searched);
    const start = found + searched.length + 1;
    if (found < skipped || text.indexOf(searched, start) >= 0 || text.includes("\\")) {
      return undefined;
    }
    const end = endOfInteger(text, start);
    const value: unknown = text.startsWith(member, found - skipped) && end > start ? JSON.parse(text) : undefined;
    if (!isRecord(value) || typeof value[key] !== "number") {
      return undefined;
    }
    value[key] = BigInt(text.slice(start, end));
    return value;
  };
}

/** Where the integer ends that begins here and is the whole value; -1 if none does. */
function endOfInteger(text: string, start: number): number {
  let end = text[start] === "-" ? start + 1 : start;
  while (isDigit(text.charCodeAt(end))) {
    end += 1;
  }
  return text[end] === "}" || text[end] === "," ? end : -1;
}

function isDigit(character: number): boolean {
  return character >= 0x30 && character <= 0x39;
}

/** A key whose integers become bigints, where `within` says: inside an object under that key, or anywhere. */
interface BigintMember {
  readonly key: string;
  readonly within: string | undefined;
}

/** Gives `count` members with one of the keys the values that their marks stand for. */
function restoreMembers(root: unknown, members: readonly BigintMember[], count: number): void {
  let left = count;
  const holders = isRecord(root) ? [{ holder: root, name: "" }] : [];
  for (let next = holders.pop(); next !== undefined && left > 0; next = holders.pop()) {
    const { holder, name } = next;
    left -= restoreOwnMembers(holder, name, members);
    for (const [key, value] of left > 0 ? Object.entries(holder) : []) {
      if (isRecord(value)) {
        holders.push({ holder: value, name: Array.isArray(holder) ? name : key });
      }
    }
  }
}

function restoreOwnMembers(holder: Record<string, unknown>, name: string, members: readonly BigintMember[]): number {
  let restored = 0;
  for (const { key } of members) {
    const marked = Object.hasOwn(holder, key) ? holder[key] : undefined;
    if (typeof marked === "string") {
      holder[key] = marked.startsWith("i") ? integerOf(marked.slice(1), key, name, members) : marked.slice(1);
      restored += 1;
    }
  }
  return restored;
}

function integerOf(text: string, key: string, holder: string, members: readonly BigintMember[]): number | bigint {
  const isWanted = members.some((member) => member.key === key && (member.within ?? holder) === holder);
  return isWanted ? BigInt(text) : Number(text);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/**
 * Matches a key with its integer, or with the quote that opens its string. A quote inside a JSON string always has a
 * backslash before it, so what matches is a member and never text inside a string.
 */
function memberPattern(keys: readonly string[]): RegExp {
  const names = keys.map((key) => [...key].map(letterPattern).join("")).join("|");
  const space = "[ \\t\\r\\n]*";
  return new RegExp(`((?<!\\\\)"(?:${names})"${space}:${space})(?:(-?(?:0|[1-9]\\d*))(?=[ \\t\\r\\n,}])|")`, "g");
}

/** Matches a letter or its escape. */
function letterPattern(letter: string): string {
  const digits = letter.charCodeAt(0).toString(16).padStart(4, "0");
  return `(?:${letter}|\\\\u${digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)})`;
}
