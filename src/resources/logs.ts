import { AwaitedIterator, StreamCall } from "../call.ts";
import type { Frame } from "../codecs/frames.ts";
import type { Line } from "../codecs/lines.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper, type ValueOf } from "../engine/engine.ts";
import { StatusError } from "../errors/status-error.ts";
import type { ContainerLogsOutcome, ServiceLogsOutcome, TaskLogsOutcome } from "../generated/outcomes.ts";
import type { ContainerLogsParameters, ServiceLogsParameters, TaskLogsParameters } from "../generated/parameters.ts";
import { readFrames, saysRaw } from "./framing.ts";
import { LogStream } from "./log-stream.ts";
import { split } from "./options.ts";

interface Terminal {
  /** Whether what prints has a terminal. Saves a request where the engine does not say so itself. */
  readonly tty?: boolean | undefined;
}

/** Options of `containers.logs`. */
export interface LogsOptions extends CallOptions, ContainerLogsParameters, Terminal {}

/** Options of `services.logs`. */
export interface ServiceLogsOptions extends CallOptions, ServiceLogsParameters, Terminal {}

/** Options of `tasks.logs`. */
export interface TaskLogsOptions extends CallOptions, TaskLogsParameters, Terminal {}

type AnyLogsOutcome = ContainerLogsOutcome<LogStream> | ServiceLogsOutcome<LogStream> | TaskLogsOutcome<LogStream>;

/** A running `logs`: iterate it for frames, or read it with `lines()` or `text()`. */
export class LogsCall<O extends AnyLogsOutcome = ContainerLogsOutcome<LogStream>> extends StreamCall<
  Frame,
  LogStream,
  O
> {
  /** Reads line by line; the streams stay apart. @throws TextError if the output is not UTF-8. */
  lines(): AsyncIterableIterator<Line> {
    return new AwaitedIterator(this.then((stream) => stream.lines()));
  }

  /** Reads everything as one text, in the order of arrival. @throws TextError if the output is not UTF-8. */
  async text(): Promise<string> {
    return (await this).text();
  }
}

/** A running `services.logs`. */
export type ServiceLogsCall = LogsCall<ServiceLogsOutcome<LogStream>>;

/** A running `tasks.logs`. */
export type TaskLogsCall = LogsCall<TaskLogsOutcome<LogStream>>;

/** What prints, and how to find out whether it has a terminal. */
interface Source {
  readonly operation: "ContainerLogs" | "ServiceLogs" | "TaskLogs";
  readonly hasTerminal: (engine: Engine, input: CallOptions & { path: { id: string } }) => Promise<boolean>;
}

/** Starts `containers.logs`. */
export function readLogs(engine: Engine, id: string, options: LogsOptions): LogsCall {
  return read(engine, container, id, options);
}

/** Starts `services.logs`. */
export function readServiceLogs(engine: Engine, id: string, options: ServiceLogsOptions): ServiceLogsCall {
  return read(engine, service, id, options);
}

/** Starts `tasks.logs`. */
export function readTaskLogs(engine: Engine, id: string, options: TaskLogsOptions): TaskLogsCall {
  return read(engine, task, id, options);
}

const container: Source = {
  operation: "ContainerLogs",
  hasTerminal: async (engine, input) => (await engine.call("ContainerInspect", input)).Config?.Tty === true,
};

// The daemon looks at the specification and not at the containers (moby:daemon/server/router/swarm/helpers.go:54-84).
const service: Source = {
  operation: "ServiceLogs",
  hasTerminal: async (engine, input) =>
    (await engine.call("ServiceInspect", input)).Spec.TaskTemplate?.ContainerSpec?.TTY === true,
};

const task: Source = {
  operation: "TaskLogs",
  hasTerminal: async (engine, input) => (await engine.call("TaskInspect", input)).Spec.ContainerSpec?.TTY === true,
};

function read<O extends AnyLogsOutcome>(
  engine: Engine,
  source: Source,
  id: string,
  options: LogsOptions | ServiceLogsOptions | TaskLogsOptions,
): LogsCall<O> {
  const unwrap = unwrapper(source.operation);
  // Each member of AnyLogsOutcome has a LogStream for its value.
  return new LogsCall<O>(open(engine, source, id, options), (outcome) => unwrap(outcome) as ValueOf<AnyLogsOutcome>);
}

async function open<O>(
  engine: Engine,
  { operation, hasTerminal }: Source,
  id: string,
  options: LogsOptions | ServiceLogsOptions | TaskLogsOptions,
): Promise<O> {
  const { tty, ...rest } = options;
  const { signal, timeouts, parameters } = split(rest);
  // Without a choice the daemon answers 400 (moby:daemon/server/router/container/container_routes.go:217), so both it is.
  const both = options.stdout === undefined && options.stderr === undefined ? { stdout: true, stderr: true } : {};
  const input = { signal, timeouts, path: { id } };
  const opened = engine.outcome<O>(
    operation,
    { ...input, parameters: { ...parameters, ...both } },
    async (response, context) => {
      try {
        const isRaw = saysRaw(response, context) ?? tty ?? (await hasTerminal(engine, input));
        return new LogStream(readFrames(response.chunks(), isRaw, { status: response.status, context }), context);
      } catch (error) {
        response.destroy();
        throw error;
      }
    },
  );
  return opened.catch((error) => outcomeOfInspection<O>(error));
}

/** What goes away between the two requests is as good as not there at the first. Other failures are thrown. */
function outcomeOfInspection<O>(error: unknown): O {
  if (error instanceof StatusError && error.status === 404) {
    const { kind, status, engineMessage } = error;
    // An inspection answers 404 with the kind that the logs of the same object have.
    return { kind, status, error: { message: engineMessage } } as O;
  }
  throw error;
}
