import { Docker, type DockerOptions } from "../index.ts";
import type { Command, Flags, OptionTable } from "./command.ts";
import { type ConnectionFlags, connectionOf } from "./connection-flags.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { exitCodeOf, failureData, failureText } from "./failure.ts";
import { type Io, isReaderGone } from "./io.ts";
import { toJson } from "./json.ts";
import { UsageError } from "./usage-error.ts";

/** What a command line asks a command to do. */
export interface Task {
  readonly flags: Flags<OptionTable>;
  readonly operands: readonly string[];
  /** Which engine is meant. */
  readonly connection: ConnectionFlags;
  readonly json: boolean;
}

/**
 * Runs a command against an engine, reports its failures, and gives the exit code: its own, or that of the first failure.
 *
 * @throws UsageError if the command refuses its flags; the failure of a write if the reader of the output left.
 */
export async function execute(command: Command, task: Task, io: Io): Promise<number> {
  let exitCode: ExitCode = exitCodes.success;
  let own: number | undefined;
  const report = async (failure: unknown): Promise<void> => {
    if (io.signal.aborted || isReaderGone(failure) || failure instanceof UsageError) {
      throw failure;
    }
    exitCode = exitCode === exitCodes.success ? exitCodeOf(failure) : exitCode;
    await io.stderr.write(task.json ? `${toJson(failureData(failure))}\n` : `fairlead: ${failureText(failure)}\n`);
  };
  try {
    const { flags, operands, json } = task;
    const options = await connectionOf(task.connection, io.env);
    await using engine = new LazyDocker(options);
    const exitWith = (code: number): void => {
      own = code;
    };
    const context = { flags, operands, json, options, io, report, exitWith };
    await command
      .run({
        ...context,
        get docker() {
          return engine.docker;
        },
      })
      .catch(report);
  } catch (error) {
    if (io.signal.aborted) {
      return io.signal.reason === "SIGTERM" ? exitCodes.terminated : exitCodes.interrupted;
    }
    throw error;
  }
  return own ?? exitCode;
}

/** Makes a client when one is wanted: a command that asks no engine works whatever `DOCKER_HOST` is. */
class LazyDocker implements AsyncDisposable {
  readonly #options: DockerOptions;
  #docker: Docker | undefined;

  constructor(options: DockerOptions) {
    this.#options = options;
  }

  get docker(): Docker {
    this.#docker ??= new Docker(this.#options);
    return this.#docker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#docker?.close();
  }
}
