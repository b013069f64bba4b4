import { Buffer } from "node:buffer";

/** The size of a tar's blocks. */
export const blockBytes = 512;

/** What a header says that matters for finding the next one. */
export interface BlockHeader {
  /** The type of the entry, one character; `x` is a PAX header for the entry that follows. */
  readonly type: string;
  /** The length of the entry's body without its padding; that of a PAX header's record wins over it. */
  readonly sizeBytes: number;
}

const zeros = Buffer.alloc(blockBytes);
/** Types that have no body, whatever their size says: links, devices, directories and pipes. */
const bodyless = "123456";
const checksumStart = 148;
const checksumEnd = 156;

/** Whether a block is all zeros, as the two at the end of a tar are. */
export function isZeroBlock(block: Uint8Array): boolean {
  return zeros.equals(block);
}

/** Reads a header. Undefined if the block is none: its checksum is wrong. */
export function readBlockHeader(block: Uint8Array): BlockHeader | undefined {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const sizeBytes = readNumber(bytes, 124, 136);
  if (readNumber(bytes, checksumStart, checksumEnd) !== checksumOf(bytes) || sizeBytes === undefined) {
    return undefined;
  }
  const type = bytes.toString("latin1", 156, 157);
  return { type, sizeBytes: bodyless.includes(type) ? 0 : sizeBytes };
}

/** The `size` that a PAX header gives its entry: a file of 8 GiB or more has it there. Undefined if it gives none. */
export function readPaxSize(records: Uint8Array): number | undefined {
  // A record may hold any bytes, so it is found by the lengths of those before it.
  const bytes = Buffer.from(records.buffer, records.byteOffset, records.byteLength);
  for (let start = 0; start < bytes.length; ) {
    const space = bytes.indexOf(0x20, start);
    const length = space === -1 ? Number.NaN : Number(bytes.toString("latin1", start, space));
    if (!(length > 0)) {
      return undefined;
    }
    const size = /^size=(\d+)\n$/.exec(bytes.toString("latin1", space + 1, Math.min(start + length, space + 32)))?.[1];
    if (size !== undefined) {
      return Number(size);
    }
    start += length;
  }
  return undefined;
}

/** A body's length with the padding to whole blocks. */
export function paddedBytes(sizeBytes: number): number {
  return Math.ceil(sizeBytes / blockBytes) * blockBytes;
}

function checksumOf(bytes: Buffer): number {
  let sum = 0x20 * (checksumEnd - checksumStart);
  for (const [index, byte] of bytes.entries()) {
    sum += index < checksumStart || index >= checksumEnd ? byte : 0;
  }
  return sum;
}

/** A number as octal digits, or as a big-endian integer when its first bit is set. Undefined if it is neither. */
function readNumber(bytes: Buffer, start: number, end: number): number | undefined {
  if (((bytes[start] ?? 0) & 0x80) !== 0) {
    const value = [...bytes.subarray(start + 1, end)].reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = /^ *([0-7]+)[ \0]*$/.exec(bytes.toString("latin1", start, end))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}
