/** A tar of one file of zeros. */
import { Buffer } from "node:buffer";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const blockBytes = 512;

/** Runs `use` with the path of a tar of one file that has so many bytes. It is sparse: it takes no space. */
export async function withTarFile(entry, bytes, use) {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-"));
  try {
    const path = join(folder, "upload.tar");
    const file = await open(path, "w");
    await file.write(header(entry, bytes));
    await file.truncate(blockBytes + Math.ceil(bytes / blockBytes) * blockBytes + 2 * blockBytes);
    await file.close();
    return await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function header(name, bytes) {
  const block = Buffer.alloc(blockBytes);
  const octal = (value, offset, digits) => block.write(`${value.toString(8).padStart(digits, "0")}\0`, offset);
  block.write(name, 0);
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(bytes, 124, 11);
  octal(0, 136, 11);
  block.write("0", 156);
  block.write("ustar\x0000", 257);
  // The checksum is the sum of all bytes, its own field read as spaces.
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
