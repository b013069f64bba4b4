import type { TarHeader, TarPackController } from "modern-tar";

/** One entry of a tar that is to be written. */
export interface TarEntry {
  readonly header: TarHeader;
  /** Exactly as many bytes as the header's `size` says. */
  readonly body?: AsyncIterable<Uint8Array> | undefined;
}

/**
 * Writes a tar of the entries, in their order. At most 8 MiB are ahead of the reader, however large the entries are.
 * Leaving the loop closes the entries.
 *
 * @throws (the iterator) what the entries and their bodies throw
 */
export async function* packTar(entries: AsyncIterable<TarEntry>): AsyncGenerator<Uint8Array, void, undefined> {
  const { createTarPacker } = await import("modern-tar");
  const { readable, controller } = createTarPacker();
  const left = new AbortController();
  const written = write(entries, controller, left.signal);
  const reader = readable.getReader();
  try {
    for (let result = await reader.read(); !result.done; result = await reader.read()) {
      yield result.value;
    }
  } finally {
    left.abort();
    await reader.cancel().catch(() => {});
    await written;
  }
}

/** Never rejects: a failure is what the reader meets. */
async function write(
  entries: AsyncIterable<TarEntry>,
  controller: TarPackController,
  left: AbortSignal,
): Promise<void> {
  try {
    for await (const { header, body } of entries) {
      await writeEntry(controller, header, body);
      if (left.aborted) {
        return;
      }
    }
    controller.finalize();
  } catch (error) {
    controller.error(error);
  }
}

async function writeEntry(
  controller: TarPackController,
  header: TarHeader,
  body: AsyncIterable<Uint8Array> | undefined,
): Promise<void> {
  const writer = controller.add(header).getWriter();
  // Each failure reaches the caller through `write` and `close`.
  writer.closed.catch(() => {});
  writer.ready.catch(() => {});
  for await (const bytes of body ?? []) {
    await writer.write(bytes);
  }
  await writer.close();
}
