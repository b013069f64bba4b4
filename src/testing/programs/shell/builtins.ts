import { type Applet, AppletError, type AppletRun, pathOf } from "../applets/applet.ts";
import { echo, printf } from "../applets/print.ts";
import { test } from "../applets/test.ts";
import { findCommand, runCommand } from "../commands.ts";
import { numberOf, readSignal } from "../signals.ts";
import { Exit, LoopJump, Return, ShellError } from "./control.ts";
import { readIntoVariables } from "./read.ts";
import type { Shell } from "./shell.ts";

/** A command that is part of the shell; gives its status. */
export type Builtin = (shell: Shell, args: readonly string[]) => Promise<number> | number;

/** The commands that a shell does itself, but for `exec`. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [":", () => 0],
  ["true", () => 0],
  ["false", () => 1],
  ["echo", within("echo", echo)],
  ["printf", within("printf", printf)],
  ["test", within("test", test)],
  ["[", within("[", test)],
  ["exit", (shell, [status]) => leave(shell, status, (number) => new Exit(number))],
  ["return", (shell, [status]) => leave(shell, status, (number) => new Return(number))],
  ["break", (_, [depth]) => jump("break", depth)],
  ["continue", (_, [depth]) => jump("continue", depth)],
  ["eval", (shell, args) => shell.evaluate(args.join(" "))],
  [".", readFile],
  ["source", readFile],
  ["cd", changeFolder],
  ["pwd", (shell) => print(shell, `${shell.folder}\n`)],
  ["export", exportNames],
  ["readonly", assignEach],
  ["local", assignEach],
  ["unset", unset],
  ["set", set],
  ["shift", shift],
  ["read", readIntoVariables],
  ["trap", trap],
  ["wait", wait],
  ["kill", kill],
  ["jobs", (shell) => print(shell, [...shell.session.jobs.keys()].map((pid) => `[${pid}] Running\n`).join(""))],
  ["command", command],
  ["type", (shell, names) => command(shell, ["-v", ...names])],
  ["umask", (shell, [mask]) => (mask === undefined ? print(shell, "0022\n") : 0)],
]);

/** One of the commands that are files too. What nobody reads ends the shell, as SIGPIPE would. */
function within(name: string, applet: Applet): Builtin {
  return async (shell, args) => {
    const { session, streams, folder } = shell;
    const { stdin, stdout, stderr } = streams;
    const cmd = [name, ...args];
    const spec = { cmd, env: shell.variables, folder, stdin, stdout, stderr };
    const run: AppletRun = {
      ...spec,
      ...{ name, args, session, files: session.context.files },
      run: (other, inner = session) => runCommand(inner, other),
    };
    try {
      return (await applet(run)) ?? 0;
    } catch (error) {
      if (!(error instanceof AppletError)) throw error;
      await shell.say(`${name}: ${error.message}`);
      return error.status;
    }
  };
}

async function print(shell: Shell, text: string): Promise<number> {
  await shell.streams.stdout.write(text);
  return 0;
}

function leave(shell: Shell, text: string | undefined, make: (status: number) => Error): never {
  throw make(text === undefined ? shell.status : toNumber(text) & 255);
}

function jump(kind: "break" | "continue", depth = "1"): never {
  throw new LoopJump(kind, toNumber(depth));
}

function toNumber(text: string): number {
  if (!/^-?\d+$/.test(text)) {
    throw new ShellError(`Illegal number: ${text}`, 2);
  }
  return Number(text);
}

function readFile(shell: Shell, [name = ""]: readonly string[]): Promise<number> {
  const { files } = shell.session.context;
  const path = pathOf(shell, name);
  if (files.stat(path)?.kind !== "file") {
    throw new ShellError(`.: can't open '${name}': No such file or directory`, 2);
  }
  return shell.evaluate(Buffer.from(files.readFile(path)).toString()).catch((error: unknown) => {
    if (error instanceof Return) return error.status;
    throw error;
  });
}

async function changeFolder(shell: Shell, [asked]: readonly string[]): Promise<number> {
  const name = asked === "-" ? shell.variables.get("OLDPWD") : (asked ?? shell.variables.get("HOME"));
  const found = shell.session.context.files.stat(pathOf(shell, name ?? "/"));
  if (found?.kind !== "folder") {
    await shell.say(
      `cd: can't cd to ${name}: ${found === undefined ? "No such file or directory" : "Not a directory"}`,
    );
    return 1;
  }
  shell.assign("OLDPWD", shell.folder);
  shell.folder = found.path;
  shell.assign("PWD", found.path);
  return asked === "-" ? print(shell, `${found.path}\n`) : 0;
}

async function exportNames(shell: Shell, args: readonly string[]): Promise<number> {
  const names = args.filter((arg) => arg !== "-p");
  if (names.length === 0) {
    return print(shell, [...shell.environment()].map(([name, value]) => `export ${name}='${value}'\n`).join(""));
  }
  for (const entry of names) {
    shell.exported.add(entry.replace(/=.*$/s, ""));
  }
  return assignEach(shell, names);
}

function assignEach(shell: Shell, args: readonly string[]): number {
  for (const entry of args.filter((arg) => arg.includes("="))) {
    const at = entry.indexOf("=");
    shell.assign(entry.slice(0, at), entry.slice(at + 1));
  }
  return 0;
}

function unset(shell: Shell, args: readonly string[]): number {
  for (const name of args.filter((arg) => !arg.startsWith("-"))) {
    if (args[0] === "-f") shell.functions.delete(name);
    else shell.variables.delete(name);
  }
  return 0;
}

function set(shell: Shell, args: readonly string[]): Promise<number> | number {
  if (args.length === 0) {
    return print(shell, [...shell.variables].map(([name, value]) => `${name}='${value}'\n`).join(""));
  }
  const rest = [...args];
  while (/^[-+]./.test(rest[0] ?? "") && rest[0] !== "--") {
    setOptions(shell, rest.shift() ?? "", rest);
  }
  const isExplicit = rest[0] === "--";
  if (isExplicit || rest.length > 0) {
    shell.positional = isExplicit ? rest.slice(1) : rest;
  }
  return 0;
}

/** Turns options on with `-`, and off with `+`; the name of a long one is taken from what follows. */
function setOptions(shell: Shell, [sign, ...letters]: string, rest: string[]): void {
  for (const letter of letters[0] === "o" ? [longOption(rest.shift())] : letters) {
    if (sign === "-") shell.options.add(letter);
    else shell.options.delete(letter);
  }
}

function longOption(name = ""): string {
  const letters: Readonly<Record<string, string>> = { errexit: "e", nounset: "u", xtrace: "x", noglob: "f" };
  const letter = letters[name];
  if (letter === undefined) {
    throw new ShellError(`set: illegal option -o ${name}`, 2);
  }
  return letter;
}

function shift(shell: Shell, [count = "1"]: readonly string[]): number {
  const number = toNumber(count);
  if (number > shell.positional.length) {
    return 1;
  }
  shell.positional = shell.positional.slice(number);
  return 0;
}

function trap(shell: Shell, [action = "", ...signals]: readonly string[]): number {
  const isReset = action === "-" || signals.length === 0;
  for (const name of signals.length === 0 ? [action] : signals) {
    const signal = name === "0" || name === "EXIT" ? "EXIT" : readSignal(name);
    if (signal === undefined) {
      throw new ShellError(`trap: ${name}: invalid signal specification`, 2);
    }
    shell.session.trap(signal, isReset ? undefined : action);
  }
  return 0;
}

async function wait({ session }: Shell, pids: readonly string[]): Promise<number> {
  const wanted = pids.length === 0 ? [...session.jobs.keys()] : pids.map((pid) => toNumber(pid.replace("%", "")));
  let status = pids.length === 0 ? 0 : 127;
  for (const pid of wanted) {
    const job = session.jobs.get(pid);
    const ended = await Promise.race([job?.done, session.signalled().then(() => "signalled" as const)]);
    session.pace.check();
    if (ended === "signalled") return 129;
    session.jobs.delete(pid);
    status = pids.length === 0 ? 0 : (ended ?? 127);
  }
  return status;
}

async function kill(shell: Shell, args: readonly string[]): Promise<number> {
  const [first = "", ...rest] = args;
  if (first === "-l") return print(shell, "HUP INT QUIT KILL USR1 USR2 PIPE ALRM TERM CHLD CONT STOP\n");
  const asked = first === "-s" ? rest.shift() : first.startsWith("-") ? first.slice(1) : undefined;
  const signal = asked === undefined ? "SIGTERM" : readSignal(asked);
  const isProbe = asked === "0";
  if (signal === undefined && !isProbe) {
    throw new ShellError(`kill: bad signal name '${asked}'`, 1);
  }
  for (const pid of asked === undefined ? args : rest) {
    if (!sendSignal(shell, pid, isProbe ? undefined : signal)) {
      await shell.say(`kill: can't kill pid ${pid}: No such process`);
      return 1;
    }
  }
  return 0;
}

/** Whether there was such a process. */
function sendSignal(shell: Shell, pid: string, signal: string | undefined): boolean {
  const { session } = shell;
  if (pid === shell.valueOf("$")) {
    if (signal !== undefined) toItself(shell, signal);
    return true;
  }
  const job = session.jobs.get(Number(pid.replace("%", "")));
  if (signal !== undefined) job?.kill(signal);
  return job !== undefined;
}

function toItself({ session }: Shell, signal: string): void {
  const isHandled = session.raise(signal);
  if (!isHandled && (!session.context.isInit || signal === "SIGKILL")) {
    throw new Exit(128 + numberOf(signal));
  }
}

async function command(shell: Shell, args: readonly string[]): Promise<number> {
  const [option = "", ...names] = args;
  if (option !== "-v" && option !== "-V") {
    const builtin = builtins.get(option);
    return builtin === undefined ? shell.runExternal(args) : builtin(shell, names);
  }
  let status = 0;
  for (const name of names) {
    const isOwn = builtins.has(name) || shell.functions.has(name);
    const found = findCommand(shell.session.context.files, name, shell.variables.get("PATH") ?? "", shell.folder);
    if (isOwn || "path" in found) await print(shell, `${isOwn || !("path" in found) ? name : found.path}\n`);
    else status = 127;
  }
  return status;
}
