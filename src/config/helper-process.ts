import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { errorCode } from "./json-file.ts";

/** No answer of a helper is longer. */
const longestBytes = 1024 * 1024;

/** Bounds for one run of a helper. */
export interface HelperLimits {
  /** How long it may take, in milliseconds; then it is killed. */
  readonly timeoutMs: number;
  /** Kills it when nobody wants its answer any more. */
  readonly signal?: AbortSignal | undefined;
}

/** How a helper ended by itself. */
export interface HelperEnd {
  /** Null if it was a signal that ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Why a helper gave no answer. */
export interface HelperFailure {
  readonly failure: string;
  readonly cause?: Error;
}

/** Runs a program with one argument, and gives it its input. Never rejects. */
export function runHelper(
  program: string,
  action: string,
  input: string,
  { timeoutMs, signal }: HelperLimits,
): Promise<HelperEnd | HelperFailure> {
  return new Promise((resolve) => {
    const child = spawn(program, [action], { windowsHide: true });
    // Without descriptors for its pipes (EMFILE) a process has none of them, and only the error comes.
    if (child.stdin === undefined) {
      child.on("error", (error) => resolve(notStarted(error)));
      return;
    }
    const kill = (failure: string): void => {
      child.kill("SIGKILL");
      end({ failure });
    };
    const output = new HelperOutput(child, () => kill("its answer is longer than 1 MiB"));
    const leave = (): void => kill("nobody waited for its answer any more");
    const timer = setTimeout(kill, timeoutMs, `it gave no answer for ${timeoutMs} ms, and was killed`);
    const end = (ended: HelperEnd | HelperFailure): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
      output.discard();
      resolve(ended);
    };
    signal?.addEventListener("abort", leave);
    child.on("error", (error) => end(notStarted(error)));
    child.on("close", (code) => end({ code, ...output.texts }));
    child.stdin.end(input);
  });
}

function notStarted(cause: Error): HelperFailure {
  const code = errorCode(cause);
  const reason = code === "ENOENT" ? "there is no such program on PATH" : `it cannot be started: ${code}`;
  return { failure: `${reason}. It is named by credsStore or credHelpers in config.json`, cause };
}

/** What a helper prints, within bounds. */
class HelperOutput {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #chunks: Readonly<Record<"stdout" | "stderr", Buffer[]>> = { stdout: [], stderr: [] };
  readonly #tooLong: () => void;
  #length = 0;

  constructor(child: ChildProcessWithoutNullStreams, tooLong: () => void) {
    this.#child = child;
    this.#tooLong = tooLong;
    // A helper need not read what it is asked: its exit code tells more.
    child.stdin.on("error", () => {});
    child.stdout.on("data", (chunk: Buffer) => this.#add("stdout", chunk));
    child.stderr.on("data", (chunk: Buffer) => this.#add("stderr", chunk));
  }

  get texts(): Pick<HelperEnd, "stdout" | "stderr"> {
    const { stdout, stderr } = this.#chunks;
    return { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
  }

  /** Lets go of the pipes: a process that the helper has started may hold them open. */
  discard(): void {
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      stream.destroy();
    }
  }

  #add(name: "stdout" | "stderr", chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > longestBytes) {
      this.#tooLong();
    } else {
      this.#chunks[name].push(chunk);
    }
  }
}
