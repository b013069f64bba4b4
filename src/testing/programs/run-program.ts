import { type OutputListener, Process, type ProcessSpec } from "./process.ts";

/** What a program is run with outside a container, such as by a step of a build. */
export type RunSpec = Pick<
  ProcessSpec,
  "program" | "cmd" | "env" | "workingDir" | "user" | "hostname" | "files" | "clock"
>;

/**
 * Runs a program without input or terminal, and gives its exit code.
 *
 * @param signal kills it when it is aborted
 */
export async function runProgram(spec: RunSpec, output: OutputListener, signal: AbortSignal): Promise<number> {
  const process = new Process({ ...spec, tty: false, openStdin: false, isInit: true });
  const kill = () => process.kill("SIGKILL");
  process.listen(output);
  signal.addEventListener("abort", kill);
  try {
    process.start();
    if (signal.aborted) kill();
    return await process.exited;
  } finally {
    signal.removeEventListener("abort", kill);
  }
}
