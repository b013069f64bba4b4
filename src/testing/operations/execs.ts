import type { ExecConfig, ExecStartConfig } from "../../generated/models.ts";
import type { EngineRequest, Handlers, Takeover } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import { Process, type ProcessSpec } from "../programs/process.ts";
import type { Container } from "../state/container.ts";
import { environmentOf } from "../state/container-config.ts";
import { type Exec, isUnderWay } from "../state/exec.ts";
import type { World } from "../state/world.ts";
import { wireOf } from "./attach.ts";
import { mustRun } from "./containers.ts";
import { readDetachKeys, untilDetached } from "./detach-keys.ts";
import { streamType } from "./logs.ts";
import { terminalSize } from "./terminal-size.ts";

export const execHandlers: Handlers = {
  ContainerExec: async ({ path, json }, world) => {
    const container = world.containers.find(path["id"] ?? "");
    const config: ExecConfig = await json();
    mustTakeCommands(container, path["id"] ?? "");
    if (!config.Cmd?.length) {
      throw new Refusal(400, "No exec command specified");
    }
    mustBeUser(container, config.User ?? "");
    const exec: Exec = { ID: world.ids.next(), container, config, process: undefined, exitCode: undefined, pid: 0 };
    container.execs.push(exec);
    world.execs.set(exec.ID, exec);
    world.lifecycle.tell(container, `exec_create: ${config.Cmd.join(" ")}`, { execID: exec.ID });
    return { status: 201, value: { Id: exec.ID } };
  },
  ExecStart: async (request, world) => {
    const exec = find(request, world);
    const { Detach = false, Tty = false, ConsoleSize }: ExecStartConfig = await request.json();
    if (exec.process !== undefined) {
      const why = exec.exitCode === undefined ? "is already running" : "has already run";
      throw new Refusal(409, `exec command ${exec.ID} ${why}`);
    }
    mustTakeCommands(exec.container, exec.container.facts.Id);
    const process = makeProcess(exec, Tty, Detach, world);
    const [rows, columns] = ConsoleSize ?? [];
    if (rows && columns) {
      process.resize(rows, columns);
    }
    if (Detach) {
      const failure = run(exec, process, world);
      if (failure !== undefined) {
        throw new Refusal(400, failure);
      }
      return { status: 200, value: undefined };
    }
    return { status: 101, value: attached(exec, process, request.version, world) };
  },
  ExecResize: (request, world) => {
    const { rows, columns } = terminalSize(request.parameters);
    const exec = find(request, world);
    const { process } = exec;
    if (process === undefined || !isUnderWay(exec)) {
      throw new Refusal(409, `cannot resize a stopped exec ${request.path["id"]}`);
    }
    process.resize(rows, columns);
    return { status: 200, value: undefined };
  },
  ExecInspect: (request, world) => {
    const exec = find(request, world);
    const { ID, config, container, exitCode, pid } = exec;
    const [entrypoint = "", ...args] = config.Cmd ?? [];
    return {
      status: 200,
      value: {
        ID,
        Running: isUnderWay(exec),
        ExitCode: exitCode ?? null,
        ProcessConfig: {
          tty: config.Tty ?? false,
          entrypoint,
          arguments: args,
          privileged: config.Privileged ?? false,
          ...(config.User ? { user: config.User } : {}),
        },
        OpenStdin: config.AttachStdin ?? false,
        OpenStderr: config.AttachStderr ?? false,
        OpenStdout: config.AttachStdout ?? false,
        CanRemove: exitCode !== undefined,
        ContainerID: container.facts.Id,
        DetachKeys: "",
        Pid: pid,
      },
    };
  },
};

function find({ path }: EngineRequest, world: World): Exec {
  const exec = world.execs.get(path["id"] ?? "");
  if (exec === undefined) {
    throw new Refusal(404, `No such exec instance: ${path["id"]}`);
  }
  return exec;
}

/** @param name the container, as it was asked for */
function mustTakeCommands(container: Container, name: string): void {
  mustRun(container);
  if (container.status === "paused") {
    throw new Refusal(409, `Container ${name} is paused, unpause the container before exec`);
  }
}

function mustBeUser({ files, facts }: Container, user: string): void {
  const reason = facts.image.program.refusesUser?.(user, files);
  if (reason !== undefined) {
    throw new Refusal(400, reason);
  }
}

function makeProcess({ config, container }: Exec, tty: boolean, detach: boolean, world: World): Process {
  const { facts, files } = container;
  const merged = { ...facts.config, Env: [...(facts.config.Env ?? []), ...(config.Env ?? [])], Tty: tty };
  return new Process({
    program: facts.image.program,
    cmd: config.Cmd ?? [],
    env: environmentOf(merged),
    workingDir: config.WorkingDir || facts.config.WorkingDir || "/",
    user: config.User || facts.config.User || "",
    hostname: facts.config.Hostname ?? "",
    tty,
    openStdin: !detach && (config.AttachStdin ?? false),
    files,
    clock: world.clock,
    isInit: false,
  });
}

/** Starts the process; what dockerd says when it cannot be started is given back. */
function run(exec: Exec, process: Process, world: World): string | undefined {
  const { container } = exec;
  const { cmd, env, workingDir } = process.spec;
  const command = cmd.join(" ");
  exec.process = process;
  world.lifecycle.tell(container, `exec_start: ${command}`, { execID: exec.ID });
  const reason = refusal(container, cmd[0] ?? "", { workingDir, env });
  const ended = (code: number) => {
    exec.exitCode = code;
    exec.pid = 0;
    world.lifecycle.tell(container, "exec_die", { execID: exec.ID, exitCode: String(code) });
  };
  if (reason !== undefined) {
    ended(/not found|no such file/.test(reason) ? 127 : 126);
    return `OCI runtime exec failed: exec failed: unable to start container process: ${reason}`;
  }
  exec.pid = world.lifecycle.nextPid();
  process.start();
  void process.exited.then(ended);
  return undefined;
}

function refusal(
  { files, facts }: Container,
  command: string,
  { workingDir, env }: Pick<ProcessSpec, "workingDir" | "env">,
): string | undefined {
  if (facts.image.program.refuses !== undefined && files.stat(workingDir)?.kind !== "folder") {
    return `chdir to cwd ("${workingDir}") set in config.json failed: no such file or directory`;
  }
  return facts.image.program.refuses?.(command, files, env);
}

/** Serves the client of a command that was just started, until that has ended. */
function attached(exec: Exec, process: Process, version: string, world: World): Takeover {
  const { config } = exec;
  const { tty } = process.spec;
  return {
    headers: { "Content-Type": streamType(tty, version), Connection: "Upgrade", Upgrade: "tcp" },
    serve: async (connection, signal) => {
      const wire = wireOf(connection, tty);
      const left = new AbortController();
      const over = AbortSignal.any([signal, left.signal]);
      const wants = { stdout: config.AttachStdout ?? false, stderr: config.AttachStderr ?? false };
      const unlisten = process.listen((stream, bytes) =>
        wants[stream] && !over.aborted ? wire.output(stream, bytes) : undefined,
      );
      const failure = run(exec, process, world);
      if (failure !== undefined) {
        await wire.output("stdout", Buffer.from(`${failure}\r\n`));
        return;
      }
      void feed(process, tty, wire.input, config.DetachKeys ?? "", () => left.abort());
      await Promise.race([process.exited, aborted(over)]);
      unlisten();
    },
  };
}

/** The end of what is piped in ends the command's input (moby:daemon/exec.go:291). */
async function feed(
  process: Process,
  tty: boolean,
  input: AsyncIterable<Uint8Array>,
  detachKeys: string,
  leave: () => void,
): Promise<void> {
  try {
    for await (const bytes of tty ? untilDetached(input, readDetachKeys(detachKeys), leave) : input) {
      await process.write(bytes);
    }
  } catch {
    // The connection is broken: it has nothing more to say.
  }
  if (!tty) {
    process.stdin.end();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
