import type { ErrorContext } from "../errors/fairlead-error.ts";
import { TextError } from "../errors/text-error.ts";
import type { Frame } from "./frames.ts";

/** How much text is collected unless the caller says otherwise: half of what a string can hold. */
const defaultLimitBytes = 256 * 1024 * 1024;

/**
 * Collects frames as one text, in the order of arrival. A character whose bytes arrive in several frames of its stream
 * stands where its last byte arrived.
 *
 * @param limitBytes how much is collected. Default: 256 MiB.
 * @throws TextError if a stream is not UTF-8, or if there is more than the limit; the source is closed.
 */
export async function decodeText(
  frames: AsyncIterable<Frame>,
  context?: ErrorContext,
  limitBytes: number = defaultLimitBytes,
): Promise<string> {
  const collector = new TextCollector(context, limitBytes);
  for await (const frame of frames) {
    collector.add(frame);
  }
  return collector.finish();
}

/** The text of one stream, and how far it was decoded. */
interface StreamText {
  readonly decoder: InstanceType<typeof TextDecoder>;
  position: number;
}

class TextCollector {
  readonly #context: ErrorContext | undefined;
  readonly #limitBytes: number;
  readonly #streams = new Map<Frame["stream"], StreamText>();
  #text = "";
  #bytes = 0;

  constructor(context: ErrorContext | undefined, limitBytes: number) {
    this.#context = context;
    this.#limitBytes = limitBytes;
  }

  add({ stream, data }: Frame): void {
    this.#bytes += data.length;
    if (this.#bytes > this.#limitBytes) {
      throw this.#error(`The text is longer than ${this.#limitBytes} bytes`, this.#limitBytes);
    }
    let text = this.#streams.get(stream);
    if (text === undefined) {
      text = { decoder: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }), position: 0 };
      this.#streams.set(stream, text);
    }
    this.#decode(stream, text, data);
    text.position += data.length;
  }

  finish(): string {
    for (const [stream, text] of this.#streams) {
      this.#decode(stream, text, undefined);
    }
    return this.#text;
  }

  #decode(stream: Frame["stream"], { decoder, position }: StreamText, data: Uint8Array | undefined): void {
    try {
      this.#text += decoder.decode(data, { stream: data !== undefined });
    } catch {
      throw this.#error(`The text that arrived at byte ${position} of ${stream} is not UTF-8`, position);
    }
  }

  #error(message: string, position: number): TextError {
    return new TextError(message, { ...this.#context, position });
  }
}
