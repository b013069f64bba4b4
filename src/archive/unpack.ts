import type { ParsedTarEntry, TarHeader } from "modern-tar";
import { CopyError } from "../errors/copy-error.ts";
import { FairleadError } from "../errors/fairlead-error.ts";

/** One entry of a tar that is read. */
export interface ReadEntry {
  readonly header: TarHeader;
  /** Its bytes; what is not read is skipped when the next entry is asked for. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Reads a tar entry by entry. Leaving the loop closes the source.
 *
 * @throws (the iterator) CopyError if the bytes are no tar; what the source throws
 */
export async function* unpackTar(tar: AsyncIterator<Uint8Array>): AsyncGenerator<ReadEntry, void, undefined> {
  const { createTarDecoder } = await import("modern-tar");
  const reader = toWebStream(tar)
    .pipeThrough(createTarDecoder({ strict: true }))
    .getReader();
  try {
    for (let result = await read(reader.read()); !result.done; result = await read(reader.read())) {
      const { header, body } = result.value;
      yield { header, body: readBody(body) };
      if (!body.locked) {
        await body.cancel();
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
    await tar.return?.();
  }
}

async function* readBody(body: ParsedTarEntry["body"]): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  try {
    for (let result = await read(reader.read()); !result.done; result = await read(reader.read())) {
      yield result.value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function read<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    if (cause instanceof FairleadError) {
      throw cause;
    }
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new CopyError(`The tar cannot be read: ${words}`, { reason: "malformed", entry: "" }, { cause });
  }
}

function toWebStream(source: AsyncIterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await source.next();
        if (done) {
          controller.close();
        } else {
          controller.enqueue(value);
        }
      },
      async cancel() {
        await source.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
