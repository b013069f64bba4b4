/** The last lines of a text that comes in pieces. Takes a bounded amount of memory. */
export class LastLines {
  readonly #decoder = new TextDecoder();
  #lines: string[] = [];
  #rest = "";

  /** Takes the next piece in: text, or bytes of UTF-8 that may end within a character. */
  add(piece: string | Uint8Array): void {
    const text = typeof piece === "string" ? piece : this.#decoder.decode(piece, { stream: true });
    const lines = (this.#rest + text).split("\n");
    this.#rest = (lines.pop() ?? "").slice(-mostCharacters);
    this.#lines = [...this.#lines, ...lines.slice(-mostLines)].slice(-mostLines);
  }

  /** The lines so far, at most 20, with the one that has not ended yet; without colours, and without blank ones. */
  get(): readonly string[] {
    const lines = [...this.#lines, this.#rest].map((line) => line.replace(colour, "").trimEnd().slice(-mostCharacters));
    return lines.filter((line) => line !== "").slice(-mostLines);
  }
}

const mostLines = 20;
const mostCharacters = 4096;

/** The classic builder prints in red what a command writes to stderr. */
const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
