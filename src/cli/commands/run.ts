import { type ContainerCreateRequest, StatusError } from "../../index.ts";
import { type Command, type Context, defineCommand, type Flags } from "../command.ts";
import { containerOptions, readSpec } from "../container-spec.ts";
import { checkTerminal, converse, detachKeys } from "../converse.ts";
import { exitCodes } from "../exit-codes.ts";
import { printChanges, showBars } from "../pull-progress.ts";
import { UsageError } from "../usage-error.ts";

const options = {
  ...containerOptions,
  detach: { type: "boolean", short: "d", summary: "Print the container's id, and let it run" },
  pull: { type: "string", placeholder: "WHEN", summary: "Pull the image: missing (the default), always or never" },
} as const;

type RunFlags = Flags<typeof options>;

/** `fairlead run` */
export const run: Command = defineCommand({
  usage: "[FLAGS] IMAGE [COMMAND] [ARGUMENT...]",
  minOperands: 1,
  maxOperands: Number.POSITIVE_INFINITY,
  passThrough: true,
  options,
  examples: [
    "fairlead run --rm alpine:3 echo hello",
    "fairlead run --rm --interactive --tty alpine:3",
    "fairlead run --detach --name web --publish 8080:80 nginx:1",
    "fairlead run --rm --interactive alpine:3 wc -l < names.txt",
  ],
  async run(context) {
    const { flags, io, operands, report, exitWith } = context;
    checkFlags(flags);
    checkTerminal(flags, io);
    const spec = readSpec(flags, operands, io.env);
    try {
      const id = await createContainer(context, spec);
      await removeIfNotStarted(context, id, flags.detach ? startDetached(context, id) : runAttached(context, id));
    } catch (failure) {
      await report(failure);
      exitWith(exitCodeOf(failure));
    }
  },
});

function checkFlags({ pull = "missing" }: RunFlags): void {
  if (!["missing", "always", "never"].includes(pull)) {
    throw new UsageError(`--pull takes missing, always or never, not "${pull}"`);
  }
}

/** Creates the container, and before that pulls its image, as it is wanted. */
async function createContainer(context: Context<RunFlags>, spec: ContainerCreateRequest): Promise<string> {
  const { docker, flags, io } = context;
  const { detach, interactive, name, platform, pull = "missing" } = flags;
  const attached = { AttachStdin: interactive, AttachStdout: true, AttachStderr: true };
  // Not aborted: only the answer tells which container there is.
  const create = () => docker.containers.create(detach ? spec : { ...spec, ...attached }, { name, platform });
  if (pull === "always") {
    await pullImage(context, spec.Image ?? "");
  }
  try {
    return (await create()).Id;
  } catch (error) {
    if (pull !== "missing" || !(error instanceof StatusError && error.kind === "NoSuchImage")) {
      throw error;
    }
  }
  await pullImage(context, spec.Image ?? "");
  io.signal.throwIfAborted();
  return (await create()).Id;
}

/** Shows the progress beside the output, which is the container's. */
async function pullImage({ docker, flags, io }: Context<RunFlags>, image: string): Promise<void> {
  const print = io.isTTY ? showBars : printChanges;
  await print(docker.images.pull(image, { platform: flags.platform, signal: io.signal }), { ...io, stdout: io.stderr });
}

/** An engine that could not start a container removes it in its own time, if at all. */
async function removeIfNotStarted({ docker, flags }: Context<RunFlags>, id: string, run: Promise<void>): Promise<void> {
  try {
    await run;
  } catch (failure) {
    await (flags.rm ? docker.containers.remove(id, { force: true }).outcome() : undefined);
    throw failure;
  }
}

async function startDetached({ docker, io }: Context<RunFlags>, id: string): Promise<void> {
  await docker.containers.start(id, { signal: io.signal });
  await io.stdout.write(`${id}\n`);
}

/** Ends as the container does, unless it is let go of. */
async function runAttached({ docker, flags, io, exitWith }: Context<RunFlags>, id: string): Promise<void> {
  // The engine has this request long before the container is started, so its end is not missed.
  const exit = docker.containers.wait(id, { condition: "next-exit" });
  exit.catch(() => {});
  await using stream = await docker.containers.attach(id, { stdin: flags.interactive, detachKeys });
  await docker.containers.start(id);
  const passOn = (): void => void docker.containers.kill(id, { signal: String(io.signal.reason) }).catch(() => {});
  io.signal.addEventListener("abort", passOn);
  try {
    if ((await converse(stream, io, flags)) === "ended") {
      exitWith((await exit).StatusCode);
      // The name is free again when this command has ended.
      await (flags.rm ? docker.containers.wait(id, { condition: "removed" }).outcome() : undefined);
    }
  } finally {
    io.signal.removeEventListener("abort", passOn);
  }
}

/** The codes of `docker run`. What could not be started is told apart by the words of the runtime. */
function exitCodeOf(failure: unknown): number {
  // Podman prepares the command when it is attached to.
  const isStart = failure instanceof StatusError && /^Container(Start|Attach)$/.test(failure.operation ?? "");
  const words = isStart ? failure.engineMessage : "";
  if (/executable file .*not found|no such file or directory/i.test(words)) {
    return exitCodes.notFound;
  }
  return /permission denied|is a directory|exec format error/i.test(words) ? exitCodes.notRunnable : exitCodes.notRun;
}
