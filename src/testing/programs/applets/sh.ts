import type { Input } from "../io/input.ts";
import { ShellError } from "../shell/control.ts";
import { parseScript } from "../shell/parser.ts";
import { Shell } from "../shell/shell.ts";
import { Streams } from "../shell/streams.ts";
import { type Script, ShellSyntaxError } from "../shell/syntax.ts";
import { type Applet, AppletError, type AppletRun, pathOf } from "./applet.ts";

/** `sh [-eux] -c SCRIPT [NAME ARGUMENT...]`, `sh FILE ARGUMENT...`, or `sh` that reads its commands. */
export const sh: Applet = async (run) => {
  const rest = [...run.args];
  let flags = "";
  while (/^-[a-z]+$/.test(rest[0] ?? "")) {
    flags += rest.shift()?.slice(1);
  }
  const options = new Set([...flags].filter((letter) => "eux".includes(letter)));
  if (flags.includes("c")) {
    const [text, name = run.name, ...positional] = rest;
    if (text === undefined) throw new AppletError("-c requires an argument", 2);
    return runText(shellOf(run, name, positional, options), text);
  }
  const [file, ...positional] = rest;
  if (file !== undefined && !flags.includes("s")) {
    return runText(shellOf(run, file, positional, options), readScript(run, file));
  }
  return converse(shellOf(run, run.name, flags.includes("s") ? rest : [], options), run.stdin);
};

function readScript(run: AppletRun, file: string): string {
  const path = pathOf(run, file);
  if (run.files.stat(path)?.kind !== "file") {
    throw new AppletError(`can't open '${file}': No such file or directory`, 2);
  }
  return Buffer.from(run.files.readFile(path)).toString();
}

function shellOf(run: AppletRun, name: string, positional: readonly string[], options: Set<string>): Shell {
  const { session, env, folder, stdin, stdout, stderr } = run;
  const streams = new Streams(
    new Map<number, Input | typeof stdout>([
      [0, stdin],
      [1, stdout],
      [2, stderr],
    ]),
  );
  const variables = new Map([...env, ["PWD", folder] as const]);
  const exported = new Set(variables.keys());
  return new Shell({ session, name, positional, folder, streams, variables, exported, functions: new Map(), options });
}

async function runText(shell: Shell, text: string): Promise<number> {
  let script: Script;
  try {
    script = shell.parse(text);
  } catch (error) {
    if (!(error instanceof ShellError)) throw error;
    await shell.say(error.message);
    return error.status;
  }
  return shell.whole(script);
}

/** Reads commands line by line, and runs each when it is whole; with a terminal it asks for them. */
function converse(shell: Shell, stdin: Input): Promise<number> {
  return shell.guard(async () => {
    for await (const script of typed(shell, stdin)) {
      await shell.run(script);
    }
    return shell.status;
  });
}

async function* typed(shell: Shell, stdin: Input): AsyncGenerator<Script, void> {
  const { tty } = shell.session.context;
  for (let text = "", isOver = false; !isOver; ) {
    if (tty) await ask(shell, text !== "");
    const line = await stdin.readLine();
    shell.session.pace.check();
    isOver = line === undefined;
    text += Buffer.from(line ?? []).toString();
    const script = parseSoFar(text, isOver);
    if (script === undefined) continue;
    text = "";
    if (typeof script !== "string") {
      yield script;
      continue;
    }
    await shell.say(script);
    shell.status = 2;
    isOver ||= !tty;
  }
}

function ask(shell: Shell, goesOn: boolean): Promise<void> {
  const { user } = shell.session.context;
  const sign = ["", "root", "0"].includes(user) ? "#" : "$";
  return shell.streams.stderr.write(goesOn ? "> " : `${shell.folder} ${sign} `);
}

/** The script; undefined if more of it is to come; a message if it is none. */
function parseSoFar(text: string, isAll: boolean): Script | string | undefined {
  try {
    return parseScript(text);
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    return error.incomplete && !isAll ? undefined : error.message;
  }
}
