import type { Readable } from "node:stream";
import type { FairleadError } from "../errors/fairlead-error.ts";
import type { Limit } from "./limit.ts";

/** Where the bytes, or the failure, go. */
export interface CollectorOptions {
  readonly limitBytes: number;
  /** Counts from one piece to the next. */
  readonly idle: Limit | undefined;
  /** Called when there was more than `limitBytes`. */
  readonly overflowed: () => void;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: FairleadError) => void;
}

/** Reads a Node stream to its end, or to a limit, into one array. */
export class ByteCollector {
  readonly #options: CollectorOptions;
  readonly #chunks: Uint8Array[] = [];
  #done = false;
  /** How many bytes have arrived. */
  receivedBytes = 0;

  constructor(source: Readable, options: CollectorOptions) {
    this.#options = options;
    options.idle?.start();
    source.on("data", (chunk: Uint8Array) => this.#take(chunk));
    source.on("end", () => this.finish());
  }

  /** The stream has failed, or was closed. */
  fail(error: FairleadError): void {
    if (!this.#done) {
      this.#done = true;
      this.#options.idle?.stop();
      this.#options.reject(error);
    }
  }

  #take(chunk: Uint8Array): void {
    if (this.#done) {
      return;
    }
    this.#options.idle?.start();
    this.#chunks.push(chunk);
    this.receivedBytes += chunk.length;
    if (this.receivedBytes > this.#options.limitBytes) {
      this.finish();
      this.#options.overflowed();
    }
  }

  /** The stream has ended. */
  finish(): void {
    if (this.#done) {
      return;
    }
    this.#done = true;
    this.#options.idle?.stop();
    const [only] = this.#chunks;
    const bytes = only !== undefined && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
    const { limitBytes, resolve } = this.#options;
    resolve(bytes.length > limitBytes ? bytes.subarray(0, limitBytes) : bytes);
  }
}
