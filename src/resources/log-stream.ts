import type { Frame } from "../codecs/frames.ts";
import { decodeLines, type Line } from "../codecs/lines.ts";
import { decodeText } from "../codecs/text.ts";
import type { ErrorContext } from "../errors/fairlead-error.ts";
import { EngineStream } from "./engine-stream.ts";

/** What a container printed: frames of bytes, and views of them as lines and as text. */
export class LogStream extends EngineStream<Frame> {
  readonly #context: ErrorContext;

  /** Made by the resources' methods, never by callers. */
  constructor(frames: AsyncIterableIterator<Frame>, context: ErrorContext) {
    super(frames);
    this.#context = context;
  }

  /**
   * The output line by line, without line ends; `stdout` and `stderr` are put together apart.
   *
   * @throws (the iterator) TextError if the output is not UTF-8
   */
  lines(): EngineStream<Line> {
    return new EngineStream(decodeLines(this, this.#context));
  }

  /**
   * Everything as one text, in the order of arrival. A container that never ends, followed, never gives it.
   *
   * @throws TextError if the output is not UTF-8
   */
  text(): Promise<string> {
    return decodeText(this, this.#context);
  }
}
