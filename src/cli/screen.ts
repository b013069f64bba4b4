import type { Output } from "./io.ts";

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const clearRest = "\u001b[K";
const clearBelow = "\u001b[J";

/**
 * A block of lines at the end of a terminal that is drawn again and again in its place. Each frame is one write, and each
 * line is overwritten before its rest is cleared, so that nothing flickers. The cursor is hidden until the block is left.
 */
export class Screen {
  readonly #output: Output;
  #height = 0;
  #isHidden = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Draws the block; before it, lines that stay above it for good. */
  async draw(block: readonly string[], above: readonly string[] = []): Promise<void> {
    const up = this.#height === 0 ? "" : `\u001b[${this.#height}A`;
    const lines = [...above, ...block].map((line) => `${line}${clearRest}\n`).join("");
    const rest = above.length + block.length < this.#height ? clearBelow : "";
    const hide = this.#isHidden ? "" : hideCursor;
    this.#isHidden = true;
    this.#height = block.length;
    await this.#output.write(`${hide}${up}${lines}${rest}`);
  }

  /** Leaves the block as it is and shows the cursor again, if it was hidden. */
  async leave(): Promise<void> {
    this.#height = 0;
    if (this.#isHidden) {
      this.#isHidden = false;
      await this.#output.write(showCursor);
    }
  }
}
