import { Buffer } from "node:buffer";

/**
 * Reads a body to its end.
 *
 * @param refuse looks at the first bytes, and throws if the rest need not come
 */
export async function readWhole(
  body: AsyncIterable<Uint8Array>,
  refuse: (start: Uint8Array) => void = () => {},
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isChecked = false;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (!isChecked && length >= checkedBytes) {
      refuse(Buffer.concat(chunks));
      isChecked = true;
    }
  }
  return Buffer.concat(chunks);
}

/** Enough to know a tar by. */
const checkedBytes = 512;
