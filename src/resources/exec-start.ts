import { StreamCall } from "../call.ts";
import type { Frame } from "../codecs/frames.ts";
import {
  type AnswerContext,
  type EngineResponse,
  isUpgraded,
  notUpgraded,
  type OpenStream,
  onUpgrade,
} from "../engine/answer.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import type { ExecStartConfig } from "../generated/models.ts";
import type { Answer } from "../generated/outcome.ts";
import type { ExecStartOutcome } from "../generated/outcomes.ts";
import { AttachedStream } from "./attached-stream.ts";
import { readFrames, saysRaw } from "./framing.ts";

/** Options of `execs.start`. */
export interface ExecStartOptions extends CallOptions, Pick<ExecStartConfig, "ConsoleSize"> {
  /** Whether the exec was created with a terminal. Saves the request that asks for it. */
  readonly Tty?: boolean | undefined;
}

/** The answers of `execs.start`: `ExecStart` without the one for a detached start. */
export type AttachedExecOutcome = Exclude<ExecStartOutcome<AttachedStream>, Answer<"Succeeded", 200, undefined>>;

/** A running `execs.start`: await it for the streams, or iterate it for the output. */
export type ExecStartCall = StreamCall<Frame, AttachedStream, AttachedExecOutcome>;

/** Starts `execs.start`. */
export function startExec(engine: Engine, id: string, options: ExecStartOptions): ExecStartCall {
  return new StreamCall(open(engine, id, options), unwrapper("ExecStart"));
}

async function open(engine: Engine, id: string, options: ExecStartOptions): Promise<AttachedExecOutcome> {
  const { signal, timeouts, ConsoleSize } = options;
  const input = { signal, timeouts, path: { id } };
  let { Tty } = options;
  if (Tty === undefined) {
    const inspected = await engine.call("ExecInspect", input).outcome();
    if ("error" in inspected) {
      return inspected;
    }
    Tty = inspected.value.ProcessConfig.tty === true;
  }
  const body: ExecStartConfig = { Detach: false, Tty, ...(ConsoleSize && { ConsoleSize }) };
  return engine.outcome("ExecStart", { ...input, body }, streamOf(engine, id, Tty), refuseWithoutUpgrade);
}

/** 200 is documented for a detached start only; here it means that something in between has dropped the upgrade. */
async function refuseWithoutUpgrade(response: EngineResponse, context: AnswerContext): Promise<void> {
  if (!isUpgraded(response)) {
    throw await notUpgraded(response, context);
  }
}

function streamOf(engine: Engine, id: string, tty: boolean): OpenStream {
  return onUpgrade((connection, context) => {
    const isRaw = saysRaw(connection, context) ?? tty;
    return new AttachedStream({
      connection,
      frames: (chunks) => readFrames(chunks, isRaw, { status: 101, context }),
      // The daemon closes the input of an exec when ours ends (moby:daemon/exec.go:291), but on a terminal the output.
      end: isRaw
        ? { refused: "The engine would end the output too: the exec has a terminal. Write the byte 4 instead" }
        : "closes",
      resize: async (size, own) => {
        await engine.call("ExecResize", { ...own, path: { id }, parameters: { ...size } });
      },
      context,
    });
  });
}
