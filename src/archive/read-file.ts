import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { CopyError } from "../errors/copy-error.ts";
import { fileSystemError } from "./file-system-error.ts";

const pieceBytes = 256 * 1024;

/**
 * Reads exactly that many bytes of a file; what was added to it meanwhile is left out. A symbolic link is not followed.
 *
 * @throws (the iterator) CopyError if the file is shorter by now, or cannot be read
 */
export async function* readFileExactly(path: string, sizeBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((cause: unknown) => {
    throw fileSystemError(path, cause);
  });
  try {
    for (let left = sizeBytes; left > 0; ) {
      const piece = await readPiece(file, path, Math.min(left, pieceBytes));
      if (piece.length === 0) {
        const message = `${path} became ${left} bytes shorter while it was read`;
        throw new CopyError(message, { reason: "changed", entry: path });
      }
      left -= piece.length;
      yield piece;
    }
  } finally {
    await file.close();
  }
}

async function readPiece(file: FileHandle, path: string, sizeBytes: number): Promise<Uint8Array> {
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(sizeBytes), 0, sizeBytes, null);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw fileSystemError(path, cause);
  }
}
