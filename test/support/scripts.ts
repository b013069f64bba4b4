import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

/** How a command ended and what it wrote. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and as whom a command runs. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  /** Milliseconds after which it is ended. Default: never. */
  readonly timeout?: number;
  /** What it reads from its standard input. Default: nothing. */
  readonly input?: string;
  /** Is given each piece of what it writes to its standard output, as it comes. */
  readonly onStdout?: (piece: string) => void;
}

/** Runs a command and resolves when it ended, however it ended. */
export async function run(
  command: string,
  args: readonly string[],
  { input, onStdout, ...options }: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(command, args, { ...options, stdio: "pipe" });
  if (onStdout) {
    child.stdout.setEncoding("utf8").on("data", onStdout);
  }
  child.stdin.on("error", () => {}); // one that does not read it to the end is no failure
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", resolve);
  });
  const [exitCode, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { exitCode, stdout, stderr };
}

/** A copy of the project's scripts in a folder of its own, removed on disposal, so that tests cannot touch the original. */
export async function copyOfScripts(folderName = "project"): Promise<AsyncDisposable & { readonly root: string }> {
  const parent = await mkdtemp(join(tmpdir(), "fairlead-scripts-"));
  const root = join(parent, folderName);
  await cp(new URL("../../scripts", import.meta.url), join(root, "scripts"), { recursive: true });
  return { root, [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }) };
}
