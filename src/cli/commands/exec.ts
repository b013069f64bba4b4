import { setTimeout as delay } from "node:timers/promises";
import type { ExecInspectResponse } from "../../index.ts";
import { type Command, type Context, defineCommand, type Flags } from "../command.ts";
import { readVariable } from "../container-spec.ts";
import { checkTerminal, converse, detachKeys } from "../converse.ts";

const options = {
  detach: { type: "boolean", short: "d", summary: "Start the command, and let it run" },
  env: {
    type: "strings",
    short: "e",
    placeholder: "NAME=VALUE",
    summary: "Set a variable; a NAME alone takes its value from here",
  },
  interactive: { type: "boolean", short: "i", summary: "Pass the standard input on" },
  privileged: { type: "boolean", summary: "Give the command all capabilities" },
  tty: { type: "boolean", short: "t", summary: "Give the command a terminal" },
  user: { type: "string", short: "u", placeholder: "USER[:GROUP]", summary: "The user to run as" },
  workdir: { type: "string", short: "w", placeholder: "PATH", summary: "The working directory" },
} as const;

type ExecFlags = Flags<typeof options>;

/** `fairlead exec` */
export const exec: Command = defineCommand({
  usage: "[FLAGS] CONTAINER COMMAND [ARGUMENT...]",
  minOperands: 2,
  maxOperands: Number.POSITIVE_INFINITY,
  passThrough: true,
  options,
  examples: [
    "fairlead exec web nginx -t",
    "fairlead exec --interactive --tty web sh",
    "fairlead exec --interactive db psql < schema.sql",
  ],
  async run(context) {
    const { docker, flags, io, operands, exitWith } = context;
    checkTerminal(flags, io);
    const [container = "", ...Cmd] = operands;
    const { Id } = await docker.execs.create(container, configOf(context, Cmd), { signal: io.signal });
    if (flags.detach) {
      await docker.execs.startDetached(Id, { Tty: flags.tty, signal: io.signal });
      return;
    }
    await using stream = await docker.execs.start(Id, { Tty: flags.tty, signal: io.signal });
    if ((await converse(stream, io, flags)) === "ended") {
      exitWith(await exitCodeOf(context, Id));
    }
  },
});

function configOf({ flags, io }: Context<ExecFlags>, Cmd: readonly string[]) {
  return {
    Cmd: [...Cmd],
    Env: flags.env.flatMap((variable) => readVariable(variable, io.env)),
    AttachStdin: flags.interactive && !flags.detach,
    AttachStdout: !flags.detach,
    AttachStderr: !flags.detach,
    Privileged: flags.privileged,
    DetachKeys: detachKeys,
    Tty: flags.tty,
    User: flags.user,
    WorkingDir: flags.workdir,
  };
}

/** The output may end some milliseconds before the engine knows of the end. */
async function exitCodeOf({ docker, io: { signal } }: Context<ExecFlags>, id: string): Promise<number> {
  const inspect = (): Promise<ExecInspectResponse> => docker.execs.inspect(id, { signal });
  let state = await inspect();
  while (state.Running) {
    await delay(20, undefined, { signal });
    state = await inspect();
  }
  return state.ExitCode ?? 0;
}
