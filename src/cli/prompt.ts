import type { Input, Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Asks for a line in the terminal. What is typed is shown there or not.
 *
 * @throws UsageError if the standard input is no terminal, or ends before the line does; the signal's reason if it is
 *   aborted.
 */
export async function ask(io: Io, question: string, typed: "shown" | "hidden"): Promise<string> {
  const input = io.stdin();
  if (!input.isTTY) {
    throw new UsageError("without a terminal it wants --username and --password-stdin");
  }
  if (typed === "shown") {
    await io.stderr.write(question);
    return readLine(input, io.signal);
  }
  // Before the question: who pastes the answer is quick.
  input.setRawMode?.(true);
  try {
    await io.stderr.write(question);
    return await readLine(input, io.signal);
  } finally {
    input.setRawMode?.(false);
    await io.stderr.write("\n");
  }
}

/** What has been typed of a line. A terminal in raw mode passes on the keys that would else be its own to handle. */
class TypedLine {
  #characters: string[] = [];

  /** Takes characters in. Gives the line if they end it, and `interrupt` or `end` for Ctrl-C and Ctrl-D. */
  add(typed: string): { readonly line: string } | "interrupt" | "end" | undefined {
    for (const character of typed) {
      switch (character) {
        case "\r":
        case "\n":
          return { line: this.#characters.join("") };
        case "\u0003":
          return "interrupt";
        case "\u0004":
          return "end";
        case "\u007f":
        case "\b":
          this.#characters.pop();
          break;
        case "\u0015":
          this.#characters = [];
          break;
        default:
          this.#characters.push(character);
      }
    }
    return undefined;
  }
}

function readLine(input: Input, signal: AbortSignal): Promise<string> {
  const line = new TypedLine();
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      input.off("data", read).off("end", end).pause();
      signal.removeEventListener("abort", abort);
      act();
    };
    const end = (): void => settle(() => reject(new UsageError("the input ended before there was an answer")));
    const abort = (): void => settle(() => reject(signal.reason));
    const read = (typed: string): void => {
      const result = line.add(typed);
      if (result === "interrupt") {
        // The command ends as it does when the terminal sees the key.
        process.kill(process.pid, "SIGINT");
      } else if (result === "end") {
        end();
      } else if (result !== undefined) {
        settle(() => resolve(result.line));
      }
    };
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener("abort", abort);
    input.setEncoding("utf8").on("data", read).on("end", end).resume();
  });
}
