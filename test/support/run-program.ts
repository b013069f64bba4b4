import { fileURLToPath } from "node:url";
import { type CommandOptions, type CommandResult, run } from "./scripts.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs a TypeScript program of the project as a user would, against the engine at `host`. */
export function runProgram(
  file: string,
  args: readonly string[],
  host: string,
  options: Pick<CommandOptions, "onStdout"> = {},
): Promise<CommandResult> {
  return run(process.execPath, ["--import", "tsx", file, ...args], {
    ...options,
    cwd: root,
    env: { ...process.env, DOCKER_HOST: host },
  });
}
