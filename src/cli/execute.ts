import { Docker } from "../index.ts";
import type { Command, Flags, OptionTable } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { exitCodeOf, failureData, failureText } from "./failure.ts";
import { type Io, isReaderGone } from "./io.ts";
import { toJson } from "./json.ts";
import { UsageError } from "./usage-error.ts";

/** What a command line asks a command to do. */
export interface Task {
  readonly flags: Flags<OptionTable>;
  readonly operands: readonly string[];
  /** The engine's address, if one was given. */
  readonly host: string | undefined;
  readonly json: boolean;
}

/**
 * Runs a command against an engine, reports its failures, and gives the exit code: that of the first failure.
 *
 * @throws UsageError if the command refuses its flags; the failure of a write if the reader of the output left.
 */
export async function execute(command: Command, task: Task, io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.success;
  const report = async (failure: unknown): Promise<void> => {
    if (io.signal.aborted || isReaderGone(failure) || failure instanceof UsageError) {
      throw failure;
    }
    exitCode = exitCode === exitCodes.success ? exitCodeOf(failure) : exitCode;
    await io.stderr.write(task.json ? `${toJson(failureData(failure))}\n` : `fairlead: ${failureText(failure)}\n`);
  };
  try {
    await withDocker(task.host, (docker) => command.run({ ...task, docker, io, report })).catch(report);
  } catch (error) {
    if (io.signal.aborted) {
      return io.signal.reason === "SIGTERM" ? exitCodes.terminated : exitCodes.interrupted;
    }
    throw error;
  }
  return exitCode;
}

async function withDocker(host: string | undefined, action: (docker: Docker) => Promise<void>): Promise<void> {
  const docker = new Docker({ host });
  try {
    await action(docker);
  } finally {
    await docker.close();
  }
}
