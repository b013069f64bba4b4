import { CopyError } from "../errors/copy-error.ts";

/** A failure of the local file system as a `CopyError`; an error that is one already stays as it is. */
export function fileSystemError(path: string, cause: unknown): CopyError {
  if (cause instanceof CopyError) {
    return cause;
  }
  const reason = codeOf(cause) === "ENOENT" ? "no-such-path" : "file-system";
  const words = cause instanceof Error ? cause.message : String(cause);
  return new CopyError(`Copying ${path} failed: ${words}`, { reason, entry: path }, { cause });
}

/** Whether the path does not exist, or a part of it is no directory. */
export function isMissing(cause: unknown): boolean {
  return codeOf(cause) === "ENOENT" || codeOf(cause) === "ENOTDIR";
}

function codeOf(cause: unknown): unknown {
  return typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
}
