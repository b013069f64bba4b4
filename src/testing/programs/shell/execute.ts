import { AppletError, type CommandSpec } from "../applets/applet.ts";
import { findCommand, runFile } from "../commands.ts";
import { Input } from "../io/input.ts";
import { Pipe } from "../io/pipe.ts";
import { builtins } from "./builtins.ts";
import { runCompound } from "./compound.ts";
import { Exit, Return, ShellError } from "./control.ts";
import { expandFields, expandText } from "./expansion.ts";
import type { Shell } from "./shell.ts";
import { redirect, type Streams } from "./streams.ts";
import type { AndOr, Assignment, Command, Pipeline, Redirection, Script, SimpleCommand } from "./syntax.ts";

/** Runs commands one after the other, and gives the status of the last. */
export async function runScript(shell: Shell, script: Script): Promise<number> {
  for (const { list, background } of script) {
    await shell.session.pace.step();
    shell.status = background ? runBeside(shell, list) : await runList(shell, list);
    await shell.runTraps();
  }
  return shell.status;
}

/** Runs a condition, whose failure is none. */
export async function holds(shell: Shell, script: Script): Promise<boolean> {
  return (await tolerantly(shell, () => runScript(shell, script))) === 0;
}

async function tolerantly(shell: Shell, run: () => Promise<number>): Promise<number> {
  shell.tolerance += 1;
  try {
    return await run();
  } finally {
    shell.tolerance -= 1;
  }
}

function runBeside(shell: Shell, list: AndOr): number {
  const job = shell.session.startJob((session) =>
    shell.fork({ session, streams: shell.streams.with(0, Input.of()) }).whole([{ list, background: false }]),
  );
  shell.lastJob = job.pid;
  return 0;
}

async function runList(shell: Shell, { first, rest }: AndOr): Promise<number> {
  const run = (pipeline: Pipeline, isLast: boolean) =>
    isLast && !pipeline.negated ? runPipeline(shell, pipeline) : tolerantly(shell, () => runPipeline(shell, pipeline));
  shell.status = await run(first, rest.length === 0);
  let wasRun = first;
  for (const [index, { operator, pipeline }] of rest.entries()) {
    if ((shell.status === 0) === (operator === "&&")) {
      shell.status = await run(pipeline, index === rest.length - 1);
      wasRun = pipeline;
    }
  }
  const isLast = wasRun === (rest.at(-1)?.pipeline ?? first);
  if (shell.status !== 0 && isLast && !wasRun.negated && shell.options.has("e") && shell.tolerance === 0) {
    throw new Exit(shell.status);
  }
  return shell.status;
}

async function runPipeline(shell: Shell, { negated, commands }: Pipeline): Promise<number> {
  const [only] = commands;
  const status =
    commands.length === 1 && only !== undefined ? await runCommand(shell, only) : await runStages(shell, commands);
  return negated ? Number(status === 0) : status;
}

/** Each command of a pipeline runs in a subshell; the status is that of the last. */
async function runStages(shell: Shell, commands: readonly Command[]): Promise<number> {
  let before: Pipe | undefined;
  const stages: Promise<number>[] = [];
  for (const [index, command] of commands.entries()) {
    const after = index < commands.length - 1 ? new Pipe() : undefined;
    stages.push(runStage(shell, command, before, after));
    before = after;
  }
  const ends = await Promise.allSettled(stages);
  // Only a process that was killed ends so.
  shell.session.pace.check();
  const last = ends.at(-1);
  if (last?.status === "rejected") throw last.reason;
  return last?.value ?? 0;
}

async function runStage(shell: Shell, command: Command, before?: Pipe, after?: Pipe): Promise<number> {
  const input = before === undefined ? undefined : new Input(before, () => before.leave());
  let { streams } = shell;
  streams = input === undefined ? streams : streams.with(0, input);
  streams = after === undefined ? streams : streams.with(1, after);
  const pipeline = { negated: false, commands: [command] };
  try {
    return await shell.fork({ streams }).whole([{ list: { first: pipeline, rest: [] }, background: false }]);
  } finally {
    input?.close();
    after?.end();
  }
}

async function runCommand(shell: Shell, command: Command): Promise<number> {
  switch (command.kind) {
    case "function":
      shell.functions.set(command.name, command.body);
      return 0;
    case "compound":
      return withStreams(shell, command.redirections, () => runCompound(shell, command.body));
    case "simple":
      return runSimple(shell, command);
  }
}

/** Runs something with its streams redirected; a file that cannot be opened is its failure. */
async function withStreams(
  shell: Shell,
  redirections: readonly Redirection[],
  run: () => Promise<number>,
): Promise<number> {
  const before = shell.streams;
  const streams = await redirected(shell, redirections);
  if (streams === undefined) {
    return 1;
  }
  shell.streams = streams;
  try {
    return await run();
  } finally {
    shell.streams = before;
  }
}

async function redirected(shell: Shell, redirections: readonly Redirection[]): Promise<Streams | undefined> {
  let { streams } = shell;
  try {
    for (const redirection of redirections) {
      streams = redirect(streams, redirection, await expandText(redirection.target, shell), shell);
    }
    return streams;
  } catch (error) {
    if (!(error instanceof ShellError)) throw error;
    await shell.say(error.message);
    return undefined;
  }
}

async function runSimple(shell: Shell, { assignments, words, redirections }: SimpleCommand): Promise<number> {
  shell.status = words.length === 0 ? 0 : shell.status;
  const [name, ...args] = await expandFields(words, shell);
  if (name === undefined) {
    await assign(shell, assignments);
    return withStreams(shell, redirections, () => Promise.resolve(shell.status));
  }
  if (shell.options.has("x")) {
    await shell.streams.stderr.write(`+ ${[name, ...args].join(" ")}\n`);
  }
  if (name === "exec") {
    return replace(shell, args, redirections);
  }
  const body = shell.functions.get(name);
  if (body !== undefined) {
    await assign(shell, assignments);
    return withStreams(shell, redirections, () => call(shell, body, args));
  }
  const builtin = builtins.get(name);
  if (builtin !== undefined) {
    await assign(shell, assignments);
    return withStreams(shell, redirections, async () => builtin(shell, args));
  }
  const environment = await environmentWith(shell, assignments);
  return withStreams(shell, redirections, () => runExternal(shell, [name, ...args], environment));
}

async function assign(shell: Shell, assignments: readonly Assignment[]): Promise<void> {
  for (const { name, value } of assignments) {
    shell.assign(name, await expandText(value, shell));
  }
}

async function environmentWith(shell: Shell, assignments: readonly Assignment[]): Promise<Map<string, string>> {
  const environment = shell.environment();
  for (const { name, value } of assignments) {
    environment.set(name, await expandText(value, shell));
  }
  return environment;
}

/** `exec`: the command takes the shell's place; without one only the redirections are done. */
async function replace(shell: Shell, cmd: readonly string[], redirections: readonly Redirection[]): Promise<number> {
  const streams = await redirected(shell, redirections);
  if (streams === undefined) {
    throw new Exit(1);
  }
  shell.streams = streams;
  if (cmd.length > 0) {
    throw new Exit(await runExternal(shell, cmd, shell.environment()));
  }
  return 0;
}

async function call(shell: Shell, body: Command, args: readonly string[]): Promise<number> {
  const before = shell.positional;
  shell.positional = args;
  try {
    return await runCommand(shell, body);
  } catch (error) {
    if (error instanceof Return) return error.status;
    throw error;
  } finally {
    shell.positional = before;
  }
}

/** Runs a command that is a file. */
export async function runExternal(shell: Shell, cmd: readonly string[], env: Map<string, string>): Promise<number> {
  const [name = ""] = cmd;
  const { folder, session } = shell;
  const found = findCommand(session.context.files, name, shell.variables.get("PATH") ?? "", folder);
  if (!("path" in found)) {
    const isMissing = found.reason === "not found" || found.reason === "no such file";
    const reason = isMissing ? "not found" : "Permission denied";
    await shell.say(`${name}: ${reason}`);
    return isMissing ? 127 : 126;
  }
  const { stdin, stdout, stderr } = shell.streams;
  const spec: CommandSpec = { cmd, env, folder, stdin, stdout, stderr };
  try {
    return await runFile(session, found.path, spec);
  } catch (error) {
    if (!(error instanceof AppletError)) throw error;
    await shell.say(error.message);
    return error.status;
  }
}
