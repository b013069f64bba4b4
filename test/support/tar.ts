import { Buffer } from "node:buffer";

/** What an entry of a tar says; everything has a harmless default. */
export interface TestEntry {
  readonly name: string;
  /** The character of its type: `0` file, `1` hard link, `2` symbolic link, `3` device, `5` directory, `6` pipe, `x` PAX. */
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly link?: string;
  readonly mode?: number;
  /** Seconds since 1970. */
  readonly mtime?: number;
  /** What the header says of the size, if it is not the body's. */
  readonly size?: number;
}

/** The two blocks of zeros that end a tar. */
export const tarEnd: Buffer = Buffer.alloc(1024);

/** Writes a whole tar, by hand, so that it may be as hostile as a test wants. */
export function tarOf(...entries: readonly TestEntry[]): Buffer {
  return Buffer.concat([...entries.map(entryOf), tarEnd]);
}

/** One entry with its padding. */
export function entryOf({ name, type = "0", body = "", link = "", mode = 0o644, mtime = 0, size }: TestEntry): Buffer {
  const data = Buffer.from(body);
  const header = Buffer.alloc(512);
  const octal = (value: number, start: number, digits: number) =>
    header.write(value.toString(8).padStart(digits, "0"), start);
  header.write(name, 0, 100);
  octal(mode, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size ?? data.length, 124, 11);
  octal(mtime, 136, 11);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write("ustar\u000000", 257);
  header.fill(" ", 148, 156);
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  header[154] = 0;
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}
