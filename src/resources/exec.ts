import { setTimeout as delay } from "node:timers/promises";
import type { Frame } from "../codecs/frames.ts";
import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type { Lifetime } from "../engine/lifetime.ts";
import { CommandStartError } from "../errors/command-start-error.ts";
import { ResponseError } from "../errors/response-error.ts";
import type { ExecConfig, ExecInspectResponse } from "../generated/models.ts";
import type { OutputEncoding } from "./collector.ts";
import { type CommandCall, type CommandOptions, type CommandResult, callCommand } from "./command-call.ts";
import { startExec } from "./exec-start.ts";
import { readWhileFeeding } from "./feeding.ts";

/** What `containers.exec` runs: the command with its arguments, or more of the Engine's own configuration. */
export type ExecCommand = readonly string[] | Omit<ExecConfig, "AttachStdin" | "AttachStdout" | "AttachStderr">;

/** Options of `containers.exec`. */
export type ExecOptions<E extends OutputEncoding = "utf8"> = CommandOptions<E>;

/** A running `containers.exec`: await it for its result, or iterate it for the output. */
export type ExecCall<E extends OutputEncoding = "utf8"> = CommandCall<CommandResult<E>>;

/** Starts `containers.exec`. */
export function executeCommand<E extends OutputEncoding>(
  engine: Engine,
  container: string,
  command: ExecCommand,
  options: ExecOptions<E>,
): ExecCall<E> {
  const config: ExecConfig = "length" in command ? { Cmd: [...command] } : command;
  return callCommand(options, (lifetime) => run(engine, container, config, { ...options, lifetime }));
}

interface RunOptions extends Omit<CommandOptions<OutputEncoding>, "signal"> {
  readonly lifetime: Lifetime;
}

async function* run(
  engine: Engine,
  container: string,
  config: ExecConfig,
  { lifetime, stdin, timeouts }: RunOptions,
): AsyncGenerator<Frame, { exitCode: number }, undefined> {
  const own = { signal: lifetime.signal, timeouts };
  const opening = new Opening();
  try {
    lifetime.check();
    const body = { ...config, AttachStdin: stdin !== undefined, AttachStdout: true, AttachStderr: true };
    const { Id } = await engine.call("ContainerExec", { ...own, path: { id: container }, body });
    const { Tty = false, ConsoleSize } = config;
    const stream = await startExec(engine, Id, { ...own, Tty, ConsoleSize });
    for await (const frame of readWhileFeeding(stream, stdin, lifetime)) {
      opening.add(frame);
      yield frame;
    }
    lifetime.check();
    return { exitCode: opening.exitCode(await untilExited(engine, Id, own)) };
  } catch (error) {
    throw lifetime.reason(error);
  } finally {
    lifetime.dispose();
  }
}

/** The output may end before the engine knows of the end (moby:daemon/exec.go), by a few milliseconds. */
async function untilExited(engine: Engine, id: string, own: CallOptions): Promise<ExecInspectResponse> {
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 250)) {
    const exec = await engine.call("ExecInspect", { ...own, path: { id } });
    if (!exec.Running) {
      return exec;
    }
    await delay(pauseMs, undefined, own.signal && { signal: own.signal });
  }
}

const openingBytes = 2048;

/** The beginning of the output: where the engine writes why it could not start the command. */
class Opening {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  add({ data }: Frame): void {
    if (this.#length < openingBytes) {
      this.#pieces.push(data.slice(0, openingBytes - this.#length));
      this.#length += data.length;
    }
  }

  /**
   * The exit code of a command that ran. The engine answers 101 before it starts a command, so a failure is written into
   * the output (moby:daemon/server/router/container/exec.go:148-153), and there is no process: `Pid` is 0. Podman always
   * says 0, so the text decides as well.
   *
   * @throws CommandStartError if the command could not be started.
   */
  exitCode({ ExitCode, Pid, ID }: ExecInspectResponse): number {
    if (ExitCode === null) {
      const facts = { status: 101, receivedBytes: this.#length };
      throw new ResponseError("The exec has ended without an exit code", facts, { operation: "ExecStart" });
    }
    if ((ExitCode === 126 || ExitCode === 127) && Pid === 0) {
      const text = new TextDecoder().decode(Buffer.concat(this.#pieces)).trim();
      if (/^(?:OCI |Error: .*\bOCI\b|unable to find user )/.test(text)) {
        throw new CommandStartError(ExitCode, text, { operation: "ExecStart", path: `/exec/${ID}/start` });
      }
    }
    return ExitCode;
  }
}
