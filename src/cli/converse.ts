import type { AttachedStream } from "../index.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

/** What of this process is connected with a process in a container. */
export interface Connected {
  /** The standard input. */
  readonly interactive: boolean;
  /** The terminal: its keys one by one, and its size. */
  readonly tty: boolean;
}

/** The keys with which the engine lets go of an attached process: docker's own, which Podman has to be told. */
export const detachKeys = "ctrl-p,ctrl-q";
const detachCharacters = "\u0010\u0011";

/** @throws UsageError if a terminal is asked for, and the standard input is none. */
export function checkTerminal({ interactive, tty }: Connected, io: Io): void {
  if (interactive && tty && !io.stdin().isTTY) {
    throw new UsageError("--tty with --interactive wants a terminal, which the standard input is not");
  }
}

/**
 * Passes on what a process in a container prints, and to it what is typed here, until its output ends. Tells whether it
 * did because the keys for that were typed.
 */
export async function converse(stream: AttachedStream, io: Io, connected: Connected): Promise<"ended" | "detached"> {
  const input = connected.interactive ? io.stdin() : undefined;
  const typed = new Typed();
  // The process may have ended meanwhile.
  const resize = (): void => void stream.resize({ h: io.rows, w: io.columns }).catch(() => {});
  const stopResizing = connected.tty && io.isTTY ? io.onResize(resize) : undefined;
  try {
    if (stopResizing !== undefined) {
      resize();
    }
    if (input !== undefined) {
      input.setRawMode?.(connected.tty);
      void feed(stream, input, typed);
    }
    for await (const { stream: name, data } of stream) {
      await (name === "stderr" ? io.stderr : io.stdout).write(data);
    }
    if (!connected.tty || typed.end !== detachCharacters) {
      return "ended";
    }
    // The cursor stands where the process left it.
    await io.stderr.write("\n");
    return "detached";
  } finally {
    stopResizing?.();
    input?.setRawMode?.(false);
    input?.destroy();
  }
}

/** The last two characters that were typed. */
class Typed {
  end = "";

  add(data: Uint8Array): void {
    this.end = (this.end + Buffer.from(data.slice(-2)).toString("latin1")).slice(-2);
  }
}

/** A process need not read its input, and says in its output how it ended. */
async function feed({ stdin }: AttachedStream, input: AsyncIterable<Uint8Array>, typed: Typed): Promise<void> {
  try {
    for await (const data of input) {
      typed.add(data);
      await stdin.write(data);
    }
    await stdin.end();
  } catch {}
}
