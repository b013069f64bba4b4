import { FileError } from "../files/file-error.ts";
import type { FileSystem } from "../files/file-system.ts";
import { AppletError, type AppletRun, type CommandSpec } from "./applets/applet.ts";
import { BrokenPipe } from "./io/pipe.ts";
import type { Session } from "./session.ts";

/** What a file holds that stands for all built-in commands. */
export const busyboxMarker = "fairlead's busybox\n";

/** Where a command was found, or why not. */
export type FoundCommand =
  | { readonly path: string }
  | { readonly reason: "not found" | "no such file" | "permission denied" | "is a directory" };

/** Looks for a command as `execvp` does. */
export function findCommand(files: FileSystem, name: string, searchPath: string, folder: string): FoundCommand {
  if (name.includes("/")) {
    return checkCommand(files, name.startsWith("/") ? name : `${folder}/${name}`) ?? { reason: "no such file" };
  }
  let refused: FoundCommand | undefined;
  for (const place of searchPath.split(":")) {
    const found = checkCommand(files, `${place}/${name}`);
    if (found !== undefined && "path" in found) {
      return found;
    }
    refused ??= found;
  }
  return refused ?? { reason: "not found" };
}

function checkCommand(files: FileSystem, path: string): FoundCommand | undefined {
  const there = files.stat(path);
  if (there === undefined) return undefined;
  if (there.kind === "folder") return { reason: "is a directory" };
  return there.kind === "file" && (there.mode & 0o111) !== 0 ? { path } : { reason: "permission denied" };
}

/** Whether a file is the built-in commands. */
function isBusybox(files: FileSystem, path: string): boolean {
  return (
    files.stat(path)?.size === busyboxMarker.length && Buffer.from(files.readFile(path)).toString() === busyboxMarker
  );
}

/**
 * Runs the file at `path`: the built-in command of its name, or a script with the interpreter that it names.
 *
 * @returns the exit status
 */
export async function runFile(session: Session, path: string, spec: CommandSpec): Promise<number> {
  const { files } = session.context;
  const [name = "", ...args] = spec.cmd;
  if (!isBusybox(files, path)) {
    const [, interpreter = "/bin/sh", option] =
      /^#![ \t]*(\S+)(?:[ \t]+([^\n]*\S))?/.exec(Buffer.from(files.readFile(path)).toString()) ?? [];
    const cmd = [interpreter, ...(option === undefined ? [] : [option]), path, ...args];
    return runFile(session, interpreter, { ...spec, cmd });
  }
  const base = name.slice(name.lastIndexOf("/") + 1).replace(/^-/, "");
  return base === "busybox" && args[0] !== undefined
    ? runApplet(session, args[0], { ...spec, cmd: args })
    : runApplet(session, base, spec);
}

async function runApplet(session: Session, name: string, spec: CommandSpec): Promise<number> {
  const applet = session.applets.get(name);
  if (applet === undefined) {
    await spec.stderr.write(`${name}: applet not found\n`);
    return 127;
  }
  const run: AppletRun = {
    ...spec,
    name,
    args: spec.cmd.slice(1),
    session,
    files: session.context.files,
    run: (other, within = session) => runCommand(within, other),
  };
  try {
    return (await applet(run)) ?? 0;
  } catch (error) {
    return await statusOf(error, run);
  }
}

/** What a failure of a built-in command says, and its exit status. */
async function statusOf(error: unknown, { name, stderr }: AppletRun): Promise<number> {
  if (error instanceof BrokenPipe) {
    return 141;
  }
  if (error instanceof AppletError) {
    await stderr.write(`${name}: ${error.message}\n`);
    return error.status;
  }
  if (error instanceof FileError) {
    await stderr.write(`${name}: ${error.path}: ${error.message}\n`);
    return 1;
  }
  throw error;
}

/** Looks for a command and runs it, as `env`, `xargs` and their like do. */
export async function runCommand(session: Session, spec: CommandSpec): Promise<number> {
  await session.pace.step();
  const [name = ""] = spec.cmd;
  const found = findCommand(session.context.files, name, spec.env.get("PATH") ?? "", spec.folder);
  if ("path" in found) {
    return runFile(session, found.path, spec);
  }
  const isMissing = found.reason === "not found" || found.reason === "no such file";
  throw new AppletError(
    `can't execute '${name}': ${isMissing ? "No such file or directory" : "Permission denied"}`,
    isMissing ? 127 : 126,
  );
}
