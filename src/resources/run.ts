import type { Frame } from "../codecs/frames.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import type { Lifetime } from "../engine/lifetime.ts";
import type { ContainerCreateRequest } from "../generated/models.ts";
import type { ContainerCreateParameters, ImageCreateParameters } from "../generated/parameters.ts";
import { attachContainer } from "./attach.ts";
import type { OutputEncoding } from "./collector.ts";
import { type CommandCall, type CommandOptions, type CommandResult, callCommand } from "./command-call.ts";
import { readWhileFeeding } from "./feeding.ts";
import { pullImage } from "./pull.ts";
import { RunContainer } from "./run-container.ts";
import { watchExit } from "./watch-exit.ts";

/** Options of `containers.run`. */
export interface RunOptions<E extends OutputEncoding = "utf8">
  extends CommandOptions<E>,
    ContainerCreateParameters,
    Pick<ImageCreateParameters, "registryAuth"> {
  /** Whether the container is removed when the command has ended by itself. Default: true. */
  readonly remove?: boolean | undefined;
  /** When the image is pulled: if the engine does not have it (`missing`, the default), `always`, or `never`. */
  readonly pull?: "missing" | "always" | "never" | undefined;
}

/** How a command ended, what it printed, and where. */
export interface RunResult<E extends OutputEncoding = "utf8"> extends CommandResult<E> {
  /** The container's id; it is gone unless `remove` was false. */
  readonly containerId: string;
}

/** A running `containers.run`: await it for its result, or iterate it for the output. */
export type RunCall<E extends OutputEncoding = "utf8"> = CommandCall<RunResult<E>>;

/** Starts `containers.run`. */
export function runContainer<E extends OutputEncoding>(
  engine: Engine,
  spec: ContainerCreateRequest,
  options: RunOptions<E>,
): RunCall<E> {
  return callCommand(options, (lifetime) => run(engine, spec, { ...options, lifetime }));
}

interface Run extends Omit<RunOptions<OutputEncoding>, "signal"> {
  readonly lifetime: Lifetime;
}

interface Exit {
  readonly exitCode: number;
  readonly containerId: string;
}

async function* run(
  engine: Engine,
  spec: ContainerCreateRequest,
  options: Run,
): AsyncGenerator<Frame, Exit, undefined> {
  const { lifetime, timeouts, remove = true } = options;
  let container: RunContainer | undefined;
  let isDone = false;
  let failure: unknown;
  try {
    lifetime.check();
    container = new RunContainer(engine, await createContainer(engine, spec, options), timeouts);
    lifetime.onEnd = container.removeSoon;
    const exitCode = yield* attachAndStart(engine, container.id, spec, options);
    isDone = true;
    return { exitCode, containerId: container.id };
  } catch (error) {
    failure = lifetime.reason(error);
    throw failure;
  } finally {
    lifetime.dispose();
    if (container !== undefined && (remove || !isDone)) {
      await container.remove(isDone, failure);
    }
  }
}

/** Attaches and waits before it starts, so that neither output nor the exit code can be missed. */
async function* attachAndStart(
  engine: Engine,
  id: string,
  { Tty }: ContainerCreateRequest,
  { lifetime, timeouts, stdin }: Run,
): AsyncGenerator<Frame, number, undefined> {
  const own = { signal: lifetime.signal, timeouts };
  const attached = { Tty, StdinOnce: true };
  await using stream = await attachContainer(engine, id, { ...own, stdin: stdin !== undefined }, attached);
  const exit = await watchExit(engine, id, own);
  await engine.call("ContainerStart", { ...own, path: { id } });
  yield* readWhileFeeding(stream, stdin, lifetime);
  return exit.code;
}

/** Creates the container, and pulls its image as the caller wants it. */
async function createContainer(engine: Engine, spec: ContainerCreateRequest, options: Run): Promise<string> {
  const { pull = "missing", lifetime, timeouts, name, platform, registryAuth } = options;
  const pullIt = (): Promise<unknown> =>
    pullImage(engine, spec.Image ?? "", { signal: lifetime.signal, timeouts, platform, registryAuth });
  // Not aborted: only the answer tells which container there is to remove.
  const input = { timeouts, parameters: { name, platform }, body: specOf(spec, options) };
  if (pull === "always") {
    await pullIt();
  }
  const outcome = await engine.call("ContainerCreate", input).outcome();
  if (outcome.kind === "NoSuchImage" && pull === "missing") {
    await pullIt();
    return (await engine.call("ContainerCreate", input)).Id;
  }
  return unwrapper("ContainerCreate")(outcome).Id;
}

function specOf(spec: ContainerCreateRequest, { stdin, remove = true }: Run): ContainerCreateRequest {
  const { Name: restart = "" } = spec.HostConfig?.RestartPolicy ?? {};
  // If this process dies, the engine removes the container all the same; it refuses to where it is to restart it.
  const AutoRemove = remove && (restart === "" || restart === "no");
  return {
    ...spec,
    AttachStdout: true,
    AttachStderr: true,
    ...(stdin !== undefined && { AttachStdin: true, OpenStdin: true, StdinOnce: true }),
    HostConfig: { ...spec.HostConfig, ...(AutoRemove && { AutoRemove }) },
  };
}
