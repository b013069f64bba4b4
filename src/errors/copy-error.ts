import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/**
 * Why a copy was refused or failed:
 *
 * - `outside-target`: a name is absolute or has `..`
 * - `link-outside-target`: a symbolic or hard link leads out of what is copied
 * - `through-link`: a name leads through a symbolic link
 * - `special-file`: a device, a pipe or a socket
 * - `too-many-bytes`, `too-many-entries`: a limit of the call
 * - `in-the-way`: a directory is where a file should be, or something else where a directory should be
 * - `no-such-path`: the source, or the directory that should hold the copy, does not exist
 * - `not-a-directory`: the source or the destination was written with a closing slash or dot, and is no directory
 * - `changed`: a file became shorter while it was read
 * - `malformed`: what the engine sent is not a tar of the path that was asked for
 * - `file-system`: the local file system refused; `cause` says why
 */
export type CopyErrorReason =
  | "outside-target"
  | "link-outside-target"
  | "through-link"
  | "special-file"
  | "too-many-bytes"
  | "too-many-entries"
  | "in-the-way"
  | "no-such-path"
  | "not-a-directory"
  | "changed"
  | "malformed"
  | "file-system";

/**
 * Thrown by `containers.copyTo` and `containers.copyFrom` when a copy is refused or the local side of it fails. What was
 * copied before stays. `images.build` throws it when its folder cannot be read. Failures of the engine and of the
 * connection have their own classes.
 */
export class CopyError extends FairleadError {
  override readonly name = "CopyError";
  readonly reason: CopyErrorReason;
  /** The entry of the tar, or the path, that the error is about. */
  readonly entry: string;

  constructor(message: string, facts: { reason: CopyErrorReason; entry: string }, context?: ErrorContext) {
    super(message, context);
    this.reason = facts.reason;
    this.entry = facts.entry;
  }
}
