import type { FileSystem } from "../files/file-system.ts";
import { AppletError, type CommandSpec } from "./applets/applet.ts";
import { applets } from "./applets/applets.ts";
import { findId } from "./applets/users.ts";
import { createBusyboxFiles } from "./busybox-files.ts";
import { findCommand, runCommand } from "./commands.ts";
import { Input } from "./io/input.ts";
import { Killed } from "./io/pace.ts";
import type { Output } from "./io/pipe.ts";
import type { Program, ProgramContext, ProgramOutput } from "./program.ts";
import { Session } from "./session.ts";

/**
 * The program of the built-in image: a small shell and the usual commands. It runs what lies in the container's files:
 * the built-in commands where these have a link to them, and scripts. Give it other names to stand in for other images.
 *
 * @example
 * engine.image("alpine:3", busybox);
 */
export const busybox: Program = Object.assign(run, {
  refuses: (command: string, files: FileSystem, env: Readonly<Record<string, string>>) =>
    reasonAgainst(command, files, env["PATH"] ?? ""),
  refusesUser: reasonAgainstUser,
  files: createBusyboxFiles,
  command: ["sh"],
});

async function run(context: ProgramContext): Promise<number> {
  const session = new Session(context, applets);
  const spec: CommandSpec = {
    cmd: context.cmd,
    env: new Map(Object.entries(context.env)),
    folder: context.workingDir,
    stdin: new Input(context.stdin),
    stdout: paced(context.stdout, session),
    stderr: paced(context.stderr, session),
  };
  try {
    return await runCommand(session, spec);
  } catch (error) {
    if (error instanceof Killed) return 137;
    if (!(error instanceof AppletError)) throw error;
    await context.stderr.write(`${error.message}\n`);
    return error.status;
  }
}

/** Nobody may write without end and keep everybody else from going on. */
function paced(output: ProgramOutput, { pace }: Session): Output {
  return {
    write: async (data) => {
      await pace.step();
      await output.write(data);
    },
  };
}

/** In dockerd's words (moby:daemon/oci_linux.go, getUser). */
function reasonAgainstUser(user: string, files: FileSystem): string | undefined {
  const [name = "", group = ""] = user.split(":");
  if (name !== "" && findId(files, "/etc/passwd", name) === undefined) {
    return `unable to find user ${name}: no matching entries in passwd file`;
  }
  return group === "" || findId(files, "/etc/group", group) !== undefined
    ? undefined
    : `unable to find group ${group}: no matching entries in group file`;
}

/** In runc's words. */
function reasonAgainst(command: string, files: FileSystem, searchPath: string): string | undefined {
  const found = findCommand(files, command, searchPath, "/");
  if ("path" in found) return undefined;
  switch (found.reason) {
    case "not found":
      return `exec: "${command}": executable file not found in $PATH`;
    case "no such file":
      return `exec: "${command}": stat ${command}: no such file or directory`;
    case "permission denied":
      return `exec: "${command}": permission denied`;
    case "is a directory":
      return `exec: "${command}": is a directory`;
  }
}
