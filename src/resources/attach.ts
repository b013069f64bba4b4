import { StreamCall } from "../call.ts";
import type { Frame } from "../codecs/frames.ts";
import { onUpgrade } from "../engine/answer.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import type { CallInput } from "../engine/request.ts";
import type { ContainerAttachOutcome, ContainerInspectOutcome } from "../generated/outcomes.ts";
import type { ContainerAttachParameters } from "../generated/parameters.ts";
import type { InputEnd } from "./attached-input.ts";
import { AttachedStream } from "./attached-stream.ts";
import { readFrames, saysRaw } from "./framing.ts";
import { split } from "./options.ts";

/** What attaching must know of the container; asked of the engine when it is not given. */
export interface AttachedContainer {
  readonly Tty?: boolean | undefined;
  readonly StdinOnce?: boolean | undefined;
}

/** Options of `containers.attach`. */
export type AttachOptions = CallOptions & ContainerAttachParameters;

/** A running `containers.attach`: await it for the streams, or iterate it for the output. */
export type AttachCall = StreamCall<Frame, AttachedStream, ContainerAttachOutcome<AttachedStream>>;

/** Starts `containers.attach`. */
export function attachContainer(
  engine: Engine,
  id: string,
  options: AttachOptions,
  container?: AttachedContainer,
): AttachCall {
  return new StreamCall(begin(engine, id, options, container), unwrapper("ContainerAttach"));
}

function begin(
  engine: Engine,
  id: string,
  options: AttachOptions,
  container: AttachedContainer | undefined,
): Promise<ContainerAttachOutcome<AttachedStream>> {
  const { signal, timeouts, parameters } = split(options);
  const input = { signal, timeouts, path: { id }, parameters: { ...attachParameters(parameters) } };
  const inspect = async () => container ?? inspectContainer(engine, { signal, timeouts, path: { id } });
  const open = onUpgrade(async (connection, context) => {
    const raw = saysRaw(connection, context);
    const config = raw === undefined || (options.stdin && !raw) ? await inspect() : {};
    const isRaw = raw ?? config.Tty === true;
    return new AttachedStream({
      connection,
      frames: (chunks) => readFrames(chunks, isRaw, { status: 101, context }),
      end: options.stdin ? endOfInput(isRaw, config) : "absent",
      resize: async (size, own) => {
        await engine.call("ContainerResize", { ...own, path: { id }, parameters: { ...size } });
      },
      context,
    });
  });
  return engine.outcome("ContainerAttach", input, open);
}

/**
 * Podman closes the container's input when ours ends, and never its output; of `StdinOnce` it always says that it is
 * false (observed on 4.3 and 5.4).
 */
async function inspectContainer(engine: Engine, input: CallInput): Promise<AttachedContainer> {
  let isPodman = false;
  const outcome = await engine.outcome<ContainerInspectOutcome>("ContainerInspect", input, undefined, ({ headers }) => {
    isPodman = headers["libpod-api-version"] !== undefined;
  });
  const { Config } = unwrapper("ContainerInspect")(outcome);
  return { Tty: Config.Tty, StdinOnce: isPodman || Config.StdinOnce };
}

/** Docker attaches to nothing unless told; Podman to all three (podman:pkg/api/handlers/compat/containers_attach.go:27). */
export function attachParameters(parameters: ContainerAttachParameters = {}): ContainerAttachParameters {
  const both = parameters.stdout === undefined && parameters.stderr === undefined;
  const { stdin = false, stdout = both, stderr = both, logs = false } = parameters;
  const stream = parameters.stream ?? true;
  return { ...parameters, stream, stdin, stdout, stderr, logs };
}

/**
 * When an input ends, the daemon closes the container's input only if the container has `StdinOnce` and no terminal;
 * otherwise it closes the attached stdout and stderr (moby:daemon/internal/stream/attach.go:69-81, moby#38457).
 */
function endOfInput(isTerminal: boolean, { StdinOnce }: AttachedContainer): InputEnd {
  if (isTerminal) {
    return { refused: "The engine would end the output too: the container has a terminal. Write the byte 4 instead" };
  }
  return StdinOnce
    ? "closes"
    : { refused: "The engine would end the output too: the container was created without `StdinOnce: true`" };
}
