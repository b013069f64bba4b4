import { AwaitedIterator, StreamCall } from "../call.ts";
import type { Frame } from "../codecs/frames.ts";
import type { Line } from "../codecs/lines.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import type { ContainerLogsOutcome } from "../generated/outcomes.ts";
import type { ContainerLogsParameters } from "../generated/parameters.ts";
import { readFrames, saysRaw } from "./framing.ts";
import { LogStream } from "./log-stream.ts";
import { split } from "./options.ts";

/** Options of `containers.logs`. */
export interface LogsOptions extends CallOptions, ContainerLogsParameters {
  /** Whether the container has a terminal. Saves a request where the engine does not say so itself. */
  readonly tty?: boolean | undefined;
}

/** A running `containers.logs`: iterate it for frames, or read it with `lines()` or `text()`. */
export class LogsCall extends StreamCall<Frame, LogStream, ContainerLogsOutcome<LogStream>> {
  /** Reads line by line; the streams stay apart. @throws TextError if the output is not UTF-8. */
  lines(): AsyncIterableIterator<Line> {
    return new AwaitedIterator(this.then((stream) => stream.lines()));
  }

  /** Reads everything as one text, in the order of arrival. @throws TextError if the output is not UTF-8. */
  async text(): Promise<string> {
    return (await this).text();
  }
}

/** Starts `containers.logs`. */
export function readLogs(engine: Engine, id: string, options: LogsOptions): LogsCall {
  return new LogsCall(open(engine, id, options), unwrapper("ContainerLogs"));
}

async function open(engine: Engine, id: string, options: LogsOptions): Promise<ContainerLogsOutcome<LogStream>> {
  const { tty, ...rest } = options;
  const { signal, timeouts, parameters } = split(rest);
  // Without a choice the daemon answers 400 (moby:daemon/server/router/container/container_routes.go:217), so both it is.
  const both = options.stdout === undefined && options.stderr === undefined ? { stdout: true, stderr: true } : {};
  const input = { signal, timeouts, path: { id }, parameters: { ...parameters, ...both } };
  return engine.outcome("ContainerLogs", input, async (response, context) => {
    try {
      const isRaw = saysRaw(response, context) ?? tty ?? (await hasTerminal(engine, id, { signal, timeouts }));
      return new LogStream(readFrames(response.chunks(), isRaw, { status: response.status, context }), context);
    } catch (error) {
      response.destroy();
      throw error;
    }
  });
}

async function hasTerminal(engine: Engine, id: string, options: CallOptions): Promise<boolean> {
  const { Config } = await engine.call("ContainerInspect", { ...options, path: { id } });
  return Config?.Tty === true;
}
