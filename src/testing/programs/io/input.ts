const newline = 10;

/** What a command reads from: several may share one, and each takes what comes next. */
export class Input {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #leave: () => void;
  #back: Uint8Array[] = [];
  #ended = false;

  /** @param leave is called when nobody reads any more */
  constructor(source: AsyncIterable<Uint8Array>, leave: () => void = () => {}) {
    this.#source = source[Symbol.asyncIterator]();
    this.#leave = leave;
  }

  /** What has this content. */
  static of(...chunks: readonly Uint8Array[]): Input {
    return new Input(
      (async function* () {
        yield* chunks;
      })(),
    );
  }

  /** The next bytes, never none; undefined at the end. */
  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      const back = this.#back.pop();
      if (back !== undefined) return back;
      if (this.#ended) return undefined;
      const { value, done } = await this.#source.next();
      this.#ended = done === true;
      if (!done && value.length > 0) return value;
    }
  }

  /** Gives bytes back, for the next who reads. */
  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) {
      this.#back.push(bytes);
    }
  }

  /** The next line with its end, if it has one; no more is taken. Undefined at the end. */
  async readLine(): Promise<Uint8Array | undefined> {
    const pieces: Uint8Array[] = [];
    for (let piece = await this.read(); piece !== undefined; piece = await this.read()) {
      const end = piece.indexOf(newline) + 1;
      pieces.push(end > 0 ? piece.subarray(0, end) : piece);
      if (end > 0) {
        this.unread(piece.subarray(end));
        break;
      }
    }
    return pieces.length === 0 ? undefined : Buffer.concat(pieces);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for (let bytes = await this.read(); bytes !== undefined; bytes = await this.read()) {
      yield bytes;
    }
  }

  /** Line by line, without their ends. */
  async *lines(): AsyncGenerator<string, void> {
    for (let line = await this.readLine(); line !== undefined; line = await this.readLine()) {
      yield Buffer.from(line).toString().replace(/\n$/, "");
    }
  }

  /** All that is left. */
  async readAll(): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** Says that nobody reads any more. */
  close(): void {
    this.#ended = true;
    this.#back = [];
    this.#leave();
  }
}
