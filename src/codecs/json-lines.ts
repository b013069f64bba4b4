import { FairleadError } from "../errors/fairlead-error.ts";
import type { JsonError } from "../errors/json-error.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { DecodedStream, type Decoder } from "./decoded-stream.ts";
import { type JsonOptions, jsonError, jsonParser } from "./json.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * Reads a stream of JSON values that each end with a line feed (`application/jsonl`, `application/x-ndjson`), with or
 * without a record separator before them (`application/json-seq`). Blank lines are skipped, and the last value needs no
 * line feed. A value that arrives in pieces may have at most 64 MiB.
 *
 * @throws (the iterator) JsonError if a line is not JSON in UTF-8 or is too long.
 */
export function decodeJsonLines<T>(
  chunks: AsyncIterable<Uint8Array>,
  options: JsonLinesOptions = {},
): AsyncIterableIterator<T> {
  // What the engine sends is what the specification says, unless the engine is wrong.
  const parse = jsonParser(options.bigints) as (text: string) => T;
  return new DecodedStream(chunks, new JsonLinesDecoder(parse, options));
}

/** Where the values come from, and how they are read. */
export interface JsonLinesOptions extends JsonOptions {
  /** How long a value that arrives in pieces may be. Default: 64 MiB. */
  readonly limitBytes?: number | undefined;
}

const lineFeed = 0x0a;
const defaultLimitBytes = 64 * 1024 * 1024;

/**
 * Decodes all complete lines of a chunk as one text. A Fairlead error that `parse` throws passes; any other says that
 * the line is malformed.
 */
export class JsonLinesDecoder<T> implements Decoder<Uint8Array, T> {
  readonly #parse: (text: string) => T;
  readonly #options: JsonLinesOptions;
  readonly #limitBytes: number;
  /** The beginning of a line whose end has not arrived. */
  readonly #begun = new ByteBuffer();
  /** Complete lines, how far they have been read, and where they begin in the stream. */
  #text = "";
  #offset = 0;
  #textPosition = 0;
  /** Where what follows the text begins in the stream. */
  #nextPosition = 0;
  /** What is wrong with the line after the text. */
  #failure: JsonError | undefined;

  constructor(parse: (text: string) => T, options: JsonLinesOptions) {
    this.#parse = parse;
    this.#options = options;
    this.#limitBytes = options.limitBytes ?? defaultLimitBytes;
  }

  push(chunk: Uint8Array): void {
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end === 0) {
      this.#begin(chunk);
      return;
    }
    if (this.#begun.length === 0) {
      this.#take(chunk.subarray(0, end));
    } else {
      this.#begin(chunk.subarray(0, end));
      this.#take(this.#begun.take());
    }
    this.#begin(chunk.subarray(end));
  }

  end(): void {
    this.#take(this.#begun.take());
  }

  next(): T | undefined {
    while (this.#offset < this.#text.length) {
      const start = this.#offset;
      const feed = this.#text.indexOf("\n", start);
      this.#offset = feed === -1 ? this.#text.length : feed + 1;
      const first = this.#text.charCodeAt(start) === recordSeparator ? start + 1 : start;
      const record = this.#text.slice(first, this.#offset);
      if (!isBlank(record)) {
        return this.#value(record, start);
      }
    }
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    return undefined;
  }

  #begin(piece: Uint8Array): void {
    if (this.#begun.length + findLineFeed(piece, 0) > this.#limitBytes) {
      throw this.#error(`is longer than ${this.#limitBytes} bytes`, this.#begun.take(), this.#nextPosition);
    }
    this.#begun.append(piece);
  }

  #take(lines: Uint8Array): void {
    this.#textPosition = this.#nextPosition;
    this.#nextPosition += lines.length;
    this.#offset = 0;
    this.#text = decodeUtf8(lines) ?? this.#takeValid(lines);
  }

  /** The lines before the first that is not UTF-8, which is what comes after them. */
  #takeValid(lines: Uint8Array): string {
    let start = 0;
    let end = endOfLine(lines, start);
    while (decodeUtf8(lines.subarray(start, end)) !== undefined) {
      start = end;
      end = endOfLine(lines, start);
    }
    this.#failure = this.#error("is not UTF-8", lines.subarray(start, end), this.#textPosition + start);
    return decodeUtf8(lines.subarray(0, start)) ?? "";
  }

  #value(record: string, start: number): T {
    try {
      return this.#parse(record);
    } catch (cause) {
      if (cause instanceof FairleadError) {
        throw cause;
      }
      const position = this.#textPosition + Buffer.byteLength(this.#text.slice(0, start));
      throw this.#error("is not JSON", Buffer.from(this.#text.slice(start, this.#offset)), position, cause);
    }
  }

  #error(fault: string, bytes: Uint8Array, position: number, cause?: unknown): JsonError {
    return jsonError(
      `The line at byte ${position} of the engine's answer ${fault}`,
      bytes,
      position,
      this.#options,
      cause,
    );
  }
}

const recordSeparator = 0x1e;

function isBlank(record: string): boolean {
  // Nearly every record begins with its value, so nothing else is looked at.
  return record.charCodeAt(0) > 0x20 ? false : /^[ \t\r\n]*$/.test(record);
}

function endOfLine(lines: Uint8Array, start: number): number {
  return Math.min(findLineFeed(lines, start) + 1, lines.length);
}

/** Where the next line feed is, or the end of the bytes. */
function findLineFeed(bytes: Uint8Array, start: number): number {
  const index = bytes.indexOf(lineFeed, start);
  return index === -1 ? bytes.length : index;
}
