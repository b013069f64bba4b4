import type { Clock } from "./clock.ts";

/** One line that a container printed, or a piece of one: at most 16 KiB, as dockerd keeps them. */
export interface LogEntry {
  readonly stream: "stdout" | "stderr";
  readonly timeMs: number;
  /** With its line's end, if it has one. */
  readonly bytes: Uint8Array;
}

/** How long a kept piece of a line may be (moby:daemon/logger/copier.go:17). */
const pieceBytes = 16 * 1024;
/** How much of its output a container keeps; what is older is forgotten, so that memory stays bounded. */
const keptBytes = 64 * 1024 * 1024;
const newline = 10;

/** What a container has printed, line by line. */
export class ContainerLog {
  readonly #clock: Clock;
  readonly #rests = { stdout: new Uint8Array(), stderr: new Uint8Array() };
  readonly #listeners = new Set<() => void>();
  #entries: LogEntry[] = [];
  #bytes = 0;
  /** How many entries have been forgotten. */
  #forgotten = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes output as it is printed. */
  add(stream: LogEntry["stream"], bytes: Uint8Array): void {
    let rest = Buffer.concat([this.#rests[stream], bytes]);
    for (;;) {
      const end = rest.indexOf(newline) + 1;
      const length = end > 0 && end <= pieceBytes ? end : rest.length >= pieceBytes ? pieceBytes : 0;
      if (length === 0) break;
      this.#keep(stream, rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    this.#rests[stream] = rest;
    this.#tell();
  }

  /** Keeps what has no line's end: the process has ended. */
  flush(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      this.#keep(stream, this.#rests[stream]);
      this.#rests[stream] = new Uint8Array();
    }
    this.#tell();
  }

  /** Where the next entry will stand. */
  get end(): number {
    return this.#forgotten + this.#entries.length;
  }

  /** The entry at a place; undefined if it is forgotten or still to come. */
  at(place: number): LogEntry | undefined {
    return this.#entries[place - this.#forgotten];
  }

  /** The entries that are kept, and the place of the first. */
  kept(): { readonly entries: readonly LogEntry[]; readonly first: number } {
    return { entries: this.#entries, first: this.#forgotten };
  }

  /** Calls `listener` whenever there is more to read. Returns what ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #keep(stream: LogEntry["stream"], bytes: Uint8Array): void {
    if (bytes.length === 0) {
      return;
    }
    // The default driver keeps JSON, and so writes U+FFFD for what is not UTF-8.
    const text = Buffer.from(Buffer.from(bytes).toString());
    this.#entries.push({ stream, timeMs: this.#clock.now(), bytes: text });
    this.#bytes += text.length;
    if (this.#bytes > keptBytes) {
      this.#forget();
    }
  }

  /** Forgets the older half at once, since moving all entries has its price. */
  #forget(): void {
    const half = Math.ceil(this.#entries.length / 2);
    for (const { bytes } of this.#entries.slice(0, half)) {
      this.#bytes -= bytes.length;
    }
    this.#entries = this.#entries.slice(half);
    this.#forgotten += half;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }
}
