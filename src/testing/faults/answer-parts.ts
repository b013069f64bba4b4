/** A part of an answer on the wire. */
export type AnswerPart =
  /** The status line and the headers, with the empty line behind them. */
  | { readonly kind: "head"; readonly bytes: Buffer }
  /** A piece of the body without the framing of chunks, or of the stream after an upgrade. */
  | { readonly kind: "body"; readonly bytes: Buffer }
  | { readonly kind: "end" };

type Phase = "head" | "stream" | "length" | "size" | "chunk" | "done";

/** Takes the answer apart that Node's HTTP server writes. */
export class AnswerParts {
  readonly #method: string;
  #received: Buffer = Buffer.alloc(0);
  #phase: Phase = "head";
  /** What is missing of the body, or of its chunk. */
  #missing = 0;
  #isChunked = false;
  #hasBody = true;

  /** @param method the request's: the answer to HEAD has no body */
  constructor(method: string) {
    this.#method = method;
  }

  /** The parts that are complete with these bytes. */
  *push(bytes: Uint8Array): Generator<AnswerPart> {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (let part = this.#next(); part !== undefined; part = this.#next()) {
      yield part;
    }
  }

  /** Frames a piece of the body as the answer's headers have announced. */
  readonly frame = (data: Uint8Array): Uint8Array =>
    this.#isChunked && data.length > 0
      ? Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from("\r\n")])
      : data;

  /** Whether the answer has a body, if only an empty one. */
  get hasBody(): boolean {
    return this.#hasBody;
  }

  /** What ends the body on the wire. */
  get lastBytes(): Uint8Array {
    return Buffer.from(this.#isChunked && this.#hasBody ? "0\r\n\r\n" : "");
  }

  #next(): AnswerPart | undefined {
    switch (this.#phase) {
      case "head":
        return this.#head();
      case "stream":
        return this.#received.length > 0 ? { kind: "body", bytes: this.#take(this.#received.length) } : undefined;
      case "length":
        return this.#missing > 0 ? this.#piece() : this.#end();
      case "size":
        return this.#chunk();
      case "chunk":
        return this.#missing > 0 ? this.#piece() : this.#chunkEnd();
      case "done":
        return undefined;
    }
  }

  #head(): AnswerPart | undefined {
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) {
      return undefined;
    }
    const bytes = this.#take(end + 4);
    this.#readHead(bytes.toString("latin1"));
    return { kind: "head", bytes };
  }

  #readHead(text: string): void {
    const status = text.split(" ", 2)[1];
    this.#missing = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    this.#isChunked = /\r\ntransfer-encoding: *chunked/i.test(text);
    if (status === "101") {
      this.#phase = "stream";
    } else if (this.#method === "HEAD" || status === "204" || status === "304") {
      this.#hasBody = false;
      this.#missing = 0;
      this.#phase = "length";
    } else {
      this.#phase = this.#isChunked ? "size" : /\r\ncontent-length:/i.test(text) ? "length" : "stream";
    }
  }

  #chunk(): AnswerPart | undefined {
    const end = this.#received.indexOf("\r\n");
    if (end < 0) {
      return undefined;
    }
    this.#missing = Number.parseInt(this.#take(end + 2).toString("latin1"), 16);
    if (this.#missing === 0) {
      return this.#end();
    }
    this.#phase = "chunk";
    return this.#next();
  }

  #chunkEnd(): AnswerPart | undefined {
    if (this.#received.length < 2) {
      return undefined;
    }
    this.#take(2);
    this.#phase = "size";
    return this.#next();
  }

  #piece(): AnswerPart | undefined {
    const bytes = this.#take(Math.min(this.#missing, this.#received.length));
    this.#missing -= bytes.length;
    return bytes.length > 0 ? { kind: "body", bytes } : undefined;
  }

  #end(): AnswerPart {
    this.#phase = "done";
    return { kind: "end" };
  }

  #take(byteCount: number): Buffer {
    const taken = this.#received.subarray(0, byteCount);
    this.#received = this.#received.subarray(byteCount);
    return taken;
  }
}
