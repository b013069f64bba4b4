import { Readable } from "node:stream";
import type { Io } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";

/** What one command line printed, and how it ended. */
export interface Result {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Text that was written, whole and write by write. */
export class Written {
  readonly chunks: string[] = [];

  readonly write = async (data: string | Uint8Array): Promise<void> => {
    this.chunks.push(typeof data === "string" ? data : Buffer.from(data).toString("latin1"));
  };

  get text(): string {
    return this.chunks.join("");
  }
}

const nothing = () => Readable.from([]);

/** Runs `fairlead` in this process. Default: no terminal, no variables, no interrupt. */
export async function fairlead(argv: readonly string[], io: Partial<Io> = {}): Promise<Result> {
  const [stdout, stderr] = [new Written(), new Written()];
  const { signal } = new AbortController();
  const exitCode = await run(argv, {
    stdin: nothing,
    stdout,
    stderr,
    env: {},
    isTTY: false,
    columns: 80,
    rows: 24,
    onResize: () => () => {},
    signal,
    ...io,
  });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}
