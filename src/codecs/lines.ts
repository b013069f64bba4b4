import type { ErrorContext } from "../errors/fairlead-error.ts";
import { TextError } from "../errors/text-error.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { DecodedStream, type Decoder } from "./decoded-stream.ts";
import type { Frame } from "./frames.ts";
import { decodeUtf8 } from "./utf8.ts";

/** One line that a container printed. */
export interface Line {
  /** Where the line was written. */
  readonly stream: Frame["stream"];
  /** The line without its end, which is a line feed with or without a carriage return before it. */
  readonly text: string;
}

/** How long a line may be unless the caller says otherwise. */
const defaultLimitBytes = 16 * 1024 * 1024;

/**
 * Puts frames together to lines, each stream apart. The last line needs no end.
 *
 * @param limitBytes how long a line may be. Default: 16 MiB.
 * @throws (the iterator) TextError if a line is not UTF-8 or is too long.
 */
export function decodeLines(
  frames: AsyncIterable<Frame>,
  context?: ErrorContext,
  limitBytes: number = defaultLimitBytes,
): AsyncIterableIterator<Line> {
  return new DecodedStream(frames, new LineDecoder({ context, limitBytes }));
}

interface LineOptions {
  readonly context: ErrorContext | undefined;
  readonly limitBytes: number;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

class LineDecoder implements Decoder<Frame, Line> {
  readonly #options: LineOptions;
  readonly #assemblies = new Map<Frame["stream"], LineAssembly>();
  #current: LineAssembly | undefined;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  push({ stream, data }: Frame): void {
    let assembly = this.#assemblies.get(stream);
    if (assembly === undefined) {
      assembly = new LineAssembly(stream, this.#options);
      this.#assemblies.set(stream, assembly);
    }
    assembly.push(data);
    this.#current = assembly;
  }

  next(): Line | undefined {
    return this.#current?.next() ?? this.#nextRest();
  }

  end(): void {
    for (const assembly of this.#assemblies.values()) {
      assembly.end();
    }
  }

  #nextRest(): Line | undefined {
    for (const assembly of this.#assemblies.values()) {
      const line = assembly.nextRest();
      if (line !== undefined) {
        return line;
      }
    }
    return undefined;
  }
}

/** Puts the lines of one stream together. */
class LineAssembly {
  readonly #stream: Frame["stream"];
  readonly #options: LineOptions;
  /** The beginning of a line whose end has not arrived. */
  readonly #begun = new ByteBuffer();
  #data: Buffer = Buffer.alloc(0);
  #offset = 0;
  /** Where the line begins, in bytes from the start of the stream. */
  #position = 0;
  #ended = false;

  constructor(stream: Frame["stream"], options: LineOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  push(data: Uint8Array): void {
    // A Buffer finds a byte several times as fast as a Uint8Array does.
    this.#data = Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    this.#offset = 0;
  }

  end(): void {
    this.#ended = true;
  }

  next(): Line | undefined {
    if (this.#offset === this.#data.length) {
      return undefined;
    }
    const end = this.#data.indexOf(lineFeed, this.#offset);
    if (end === -1) {
      this.#begin(this.#data.subarray(this.#offset));
      this.#offset = this.#data.length;
      return undefined;
    }
    const piece = this.#data.subarray(this.#offset, end);
    this.#offset = end + 1;
    if (this.#begun.length === 0) {
      return this.#line(piece, 1);
    }
    this.#begin(piece);
    return this.#line(this.#begun.take(), 1);
  }

  /** The last line, when the stream has ended without a line's end. */
  nextRest(): Line | undefined {
    return this.#ended && this.#begun.length > 0 ? this.#line(this.#begun.take(), 0) : undefined;
  }

  #begin(piece: Uint8Array): void {
    this.#checkLength(this.#begun.length + piece.length);
    this.#begun.append(piece);
  }

  #line(bytes: Uint8Array, endBytes: number): Line {
    this.#checkLength(bytes.length);
    const hasReturn = endBytes > 0 && bytes[bytes.length - 1] === carriageReturn;
    const text = decodeUtf8(hasReturn ? bytes.subarray(0, -1) : bytes);
    if (text === undefined) {
      throw this.#error("is not UTF-8");
    }
    this.#position += bytes.length + endBytes;
    return { stream: this.#stream, text };
  }

  #checkLength(length: number): void {
    if (length > this.#options.limitBytes) {
      throw this.#error(`is longer than ${this.#options.limitBytes} bytes`);
    }
  }

  #error(fault: string): TextError {
    const position = this.#position;
    return new TextError(`The line at byte ${position} of ${this.#stream} ${fault}`, {
      ...this.#options.context,
      position,
    });
  }
}
