import { ByteBuffer } from "../codecs/byte-buffer.ts";
import type { Frame } from "../codecs/frames.ts";
import { decodeUtf8 } from "../codecs/utf8.ts";
import { TextError } from "../errors/text-error.ts";

/** How collected output is given: as text, or as bytes. */
export type OutputEncoding = "utf8" | "bytes";

/** Collected output in that form. */
export type Output<E extends OutputEncoding> = E extends "bytes" ? Uint8Array : string;

/** How much of each output is collected unless the caller says otherwise. */
const defaultLimitBytes = 64 * 1024 * 1024;

/** Collects the output of a command, each stream by itself. */
export class OutputCollector<E extends OutputEncoding> {
  readonly #limitBytes: number;
  readonly #encoding: E;
  readonly #outputs = { stdout: new ByteBuffer(), stderr: new ByteBuffer() };

  constructor(encoding: E, limitBytes: number = defaultLimitBytes) {
    this.#encoding = encoding;
    this.#limitBytes = limitBytes;
  }

  /** @throws TextError if there is more than the limit. */
  add({ stream, data }: Frame): void {
    const name = stream === "stderr" ? "stderr" : "stdout";
    const output = this.#outputs[name];
    if (output.length + data.length > this.#limitBytes) {
      const position = this.#limitBytes;
      throw new TextError(`${name} is longer than ${position} bytes: raise limitBytes, or iterate`, { position });
    }
    output.append(data);
  }

  /** @throws TextError if the output should be text and is not UTF-8. */
  take(name: "stdout" | "stderr"): Output<E> {
    const bytes = this.#outputs[name].take();
    // The compiler does not narrow a conditional type by the value of `encoding`.
    return (this.#encoding === "bytes" ? bytes.slice() : textOf(name, bytes)) as Output<E>;
  }
}

function textOf(name: string, bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    throw new TextError(`${name} is not UTF-8: ask for encoding "bytes", or iterate`, { position: 0 });
  }
  return text;
}
