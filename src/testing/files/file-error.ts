const messages = {
  ENOENT: "No such file or directory",
  ENOTDIR: "Not a directory",
  EISDIR: "Is a directory",
  EEXIST: "File exists",
  ENOTEMPTY: "Directory not empty",
  ELOOP: "Symbolic link loop",
  EINVAL: "Invalid argument",
  EPERM: "Operation not permitted",
  EROFS: "Read-only file system",
} as const;

/** Thrown by the file system of a container; its message is the C library's, which the usual programs print. */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly code: keyof typeof messages;
  readonly path: string;

  constructor(code: keyof typeof messages, path: string) {
    super(messages[code]);
    this.code = code;
    this.path = path;
  }
}
