import { uploadPieces } from "./calls.ts";

/** What an upload sends, and whether it was told when nobody wanted more. */
export class Source {
  /** Resolves when nobody reads from it: it was not begun, it has ended, or it was left. */
  left: Promise<void> = Promise.resolve();
  readonly #endless: boolean;

  /** @param endless whether it goes on until it is left */
  constructor(endless: boolean) {
    this.#endless = endless;
  }

  /** Gives pieces of one kibibyte. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    let leave = (): void => {};
    this.left = new Promise((resolve) => {
      leave = resolve;
    });
    try {
      for (let i = 0; this.#endless || i < uploadPieces; i += 1) {
        yield Buffer.alloc(1024, "x");
        await new Promise(setImmediate);
      }
    } finally {
      leave();
    }
  }
}
