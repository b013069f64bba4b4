import type { ProcessInput } from "./process-input.ts";

interface Ends {
  readonly input: ProcessInput;
  /** Shows bytes as they are. */
  readonly output: (bytes: Uint8Array) => Promise<void>;
  readonly signal: (name: string) => void;
}

const keys = { interrupt: 0x03, endOfInput: 0x04, backspace: 0x7f, newline: 0x0a, enter: 0x0d, quit: 0x1c } as const;

/** What stands between the keys and a process: it shows what is typed, gives lines, and turns ctrl-C into a signal. */
export class Terminal {
  /** Whether what is typed is shown, and given line by line; `stty -echo` and `stty raw` change it. */
  echo = true;
  canonical = true;
  /** Whether a line's end is printed as carriage return and line feed; `stty -onlcr` changes it. */
  onlcr = true;
  size: { readonly rows: number; readonly columns: number } = { rows: 0, columns: 0 };
  readonly #ends: Ends;
  #line: number[] = [];

  constructor(ends: Ends) {
    this.#ends = ends;
  }

  /** What a process prints, as the screen shows it. */
  print(bytes: Uint8Array): Uint8Array {
    if (!this.onlcr || !bytes.includes(keys.newline)) {
      return bytes;
    }
    return Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("\n", "\r\n"), "latin1");
  }

  /** Takes what is typed. */
  async type(bytes: Uint8Array): Promise<void> {
    for (const byte of bytes) {
      await this.#key(byte);
    }
    if (!this.canonical) {
      await this.#flush();
    }
  }

  async #key(byte: number): Promise<void> {
    if (byte === keys.interrupt || byte === keys.quit) {
      await this.#show(byte === keys.interrupt ? "^C" : "^\\");
      this.#line = [];
      this.#ends.signal(byte === keys.interrupt ? "SIGINT" : "SIGQUIT");
    } else if (!this.canonical || !(await this.#edit(byte))) {
      await this.#add(byte === keys.enter ? keys.newline : byte);
    }
  }

  /** Whether the key was one that edits the line, or ends the input. */
  async #edit(byte: number): Promise<boolean> {
    if (byte === keys.endOfInput) {
      await this.#endInput();
      return true;
    }
    if (byte === keys.backspace && this.#line.pop() !== undefined) {
      await this.#show("\b \b");
    }
    return byte === keys.backspace;
  }

  async #add(key: number): Promise<void> {
    this.#line.push(key);
    await this.#show(String.fromCharCode(key));
    if (this.canonical && key === keys.newline) {
      await this.#flush();
    }
  }

  /** At the beginning of a line it ends the input; within one it gives what was typed. */
  async #endInput(): Promise<void> {
    if (this.#line.length === 0) {
      this.#ends.input.end();
    }
    await this.#flush();
  }

  async #show(text: string): Promise<void> {
    if (this.echo) {
      await this.#ends.output(this.print(Buffer.from(text, "latin1")));
    }
  }

  /** The process may take its time; who types need not wait for it. */
  async #flush(): Promise<void> {
    const line = Uint8Array.from(this.#line);
    this.#line = [];
    void this.#ends.input.write(line);
  }
}
