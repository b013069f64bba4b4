import type { Readable, Writable } from "node:stream";

/** Where a command writes. */
export interface Output {
  /** Writes text or bytes; resolves when they are on their way, and rejects when nobody reads any more. */
  write(data: string | Uint8Array): Promise<void>;
}

/** Where a command reads: a terminal, which can be told not to show what is typed, or anything else. */
export type Input = Readable & { readonly isTTY?: boolean; readonly setRawMode?: (isRaw: boolean) => unknown };

/** The world around a command. */
export interface Io {
  /** Opens the standard input: only for who reads it, since it keeps the process alive. */
  readonly stdin: () => Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** The environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether `stdout` is a terminal. */
  readonly isTTY: boolean;
  /** The width of the terminal in characters. */
  readonly columns: number;
  /** The height of the terminal in lines. */
  readonly rows: number;
  /** Tells of every change of the terminal's size, until what it gives is called. */
  readonly onResize: (listener: () => void) => () => void;
  /** Ends the command. Its reason is the name of the signal that the process got. */
  readonly signal: AbortSignal;
}

/** Writes to a stream of the process, waiting for it when it is slow. It is opened when it is first written to. */
export function outputTo(open: () => Writable): Output {
  let stream: Writable | undefined;
  return {
    write: (data) =>
      new Promise((resolve, reject) => {
        // The failure is told to whoever writes; without a listener it would end the process with a stack as well.
        stream ??= open().on("error", () => {});
        stream.write(data, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

/** Whether a write to an output failed because the reader has left, as `head` does. */
export function isReaderGone(error: unknown): boolean {
  // The client's own errors have a `code` too, but no `syscall`.
  return error instanceof Error && "syscall" in error && "code" in error && error.code === "EPIPE";
}
