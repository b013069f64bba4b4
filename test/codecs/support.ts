import fc from "fast-check";
import { FairleadError } from "../../src/errors/fairlead-error.ts";

/** A source of values that tells how it was used. */
export class Source<T> implements AsyncIterableIterator<T> {
  /** How often the next value was asked for. */
  reads = 0;
  /** Whether the reader closed it. */
  closed = false;
  readonly #values: readonly T[];
  readonly #failure: Error | undefined;

  /** @param failure what it throws after its values; it ends if there is none. */
  constructor(values: readonly T[], failure?: Error) {
    this.#values = values;
    this.#failure = failure;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const value = this.#values[this.reads];
    this.reads += 1;
    if (value !== undefined && !this.closed) {
      return { done: false, value };
    }
    if (this.#failure !== undefined && !this.closed) {
      throw this.#failure;
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.closed = true;
    return { done: true, value: undefined };
  }
}

/** Cuts bytes into chunks of a size; the last may be shorter. */
export function cut(bytes: Uint8Array, size: number): Source<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size) {
    chunks.push(bytes.subarray(start, start + size));
  }
  return new Source(chunks);
}

/** Cuts bytes at the given places, modulo their length; places that coincide give empty chunks. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Source<Uint8Array> {
  const sorted = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  const chunks = [0, ...sorted].map((start, index) => bytes.subarray(start, sorted[index]));
  return new Source(chunks);
}

/** All ways to cut bytes into chunks of equal size, from one byte to everything at once. */
export function everyChunkSize(bytes: Uint8Array): number[] {
  return Array.from({ length: bytes.length }, (_, index) => index + 1);
}

/** Where to cut, for fast-check. */
export const anyPlaces: fc.Arbitrary<number[]> = fc.array(fc.nat(), { maxLength: 20 });

/** What an iterable gave before it ended or threw. */
export interface Reading<T> {
  readonly values: T[];
  readonly error: unknown;
}

/** Reads to the end or to the error. */
export async function read<T>(iterable: AsyncIterable<T>): Promise<Reading<T>> {
  const values: T[] = [];
  try {
    for await (const value of iterable) {
      values.push(value);
    }
  } catch (error) {
    return { values, error };
  }
  return { values, error: undefined };
}

/** Reads to the end. */
export async function readAll<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const { values, error } = await read(iterable);
  if (error !== undefined) {
    throw error;
  }
  return values;
}

/** Makes one frame of a multiplexed stream. */
export function encodeFrame(type: number, payload: string | Uint8Array): Buffer {
  const data = Buffer.from(payload);
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
}

/** Whether garbage was met as it must be: with values, or with an error of ours. */
export function isTyped({ error }: Reading<unknown>): boolean {
  return error === undefined || error instanceof FairleadError;
}

/** Counts the bytes that are copied, searched and decoded while `work` runs: cost without a clock. */
export async function countBytes(work: () => Promise<unknown>): Promise<number> {
  let bytes = 0;
  const restore = [
    spy(Object.getPrototypeOf(Uint8Array.prototype), "set", (_, [source]) => {
      bytes += (source as Uint8Array).length;
    }),
    ...[Buffer.prototype, Object.getPrototypeOf(Uint8Array.prototype)].flatMap((prototype) => [
      spy(prototype, "indexOf", (target, [, offset = 0], result) => {
        bytes += (result === -1 ? target.length : Number(result) + 1) - Number(offset);
      }),
      spy(prototype, "lastIndexOf", (target, _, result) => {
        bytes += target.length - Math.max(0, Number(result));
      }),
    ]),
    spy(TextDecoder.prototype, "decode", (_, [source]) => {
      bytes += (source as Uint8Array | undefined)?.length ?? 0;
    }),
  ];
  try {
    await work();
  } finally {
    for (const undo of restore) {
      undo();
    }
  }
  return bytes;
}

type Method = (this: Uint8Array, ...args: unknown[]) => unknown;
type Observer = (target: Uint8Array, args: unknown[], result: unknown) => void;

function spy(prototype: object, name: string, observe: Observer): () => void {
  const holder = prototype as Record<string, Method>;
  const original = holder[name];
  if (original === undefined) {
    throw new Error(`There is no ${name} to observe`);
  }
  holder[name] = function (this: Uint8Array, ...args: unknown[]): unknown {
    const result = original.apply(this, args);
    observe(this, args, result);
    return result;
  };
  return () => {
    holder[name] = original;
  };
}
