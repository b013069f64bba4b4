import { LoopJump } from "./control.ts";
import { expandFields, expandPattern, expandText } from "./expansion.ts";
import { matches } from "./patterns.ts";
import type { Shell } from "./shell.ts";
import type { Body, Script } from "./syntax.ts";

/** Runs a command that consists of others. */
export async function runCompound(shell: Shell, body: Body): Promise<number> {
  switch (body.kind) {
    case "group":
      return shell.run(body.script);
    case "subshell":
      return shell.fork().whole(body.script);
    case "if":
      return runIf(shell, body);
    case "while":
    case "until":
      return runLoop(shell, async () => (await shell.holds(body.condition)) === (body.kind === "while"), body.script);
    case "for":
      return runFor(shell, body);
    case "case":
      return runCase(shell, body);
  }
}

async function runIf(shell: Shell, { branches, otherwise }: Extract<Body, { kind: "if" }>): Promise<number> {
  for (const { condition, script } of branches) {
    if (await shell.holds(condition)) {
      return shell.run(script);
    }
  }
  shell.status = 0;
  return otherwise === undefined ? 0 : shell.run(otherwise);
}

async function runFor(shell: Shell, { name, words, script }: Extract<Body, { kind: "for" }>): Promise<number> {
  const values = words === undefined ? [...shell.positional] : await expandFields(words, shell);
  const next = async () => {
    const value = values.shift();
    if (value !== undefined) shell.assign(name, value);
    return value !== undefined;
  };
  return runLoop(shell, next, script);
}

async function runLoop(shell: Shell, next: () => Promise<boolean>, script: Script): Promise<number> {
  let status = 0;
  try {
    while (await next()) {
      await turn(shell, script);
      status = shell.status;
    }
  } catch (error) {
    if (!(error instanceof LoopJump)) throw error;
    if (error.depth > 1) throw new LoopJump(error.kind, error.depth - 1);
    status = 0;
  }
  return status;
}

async function turn(shell: Shell, script: Script): Promise<void> {
  try {
    await shell.run(script);
  } catch (error) {
    const goesOn = error instanceof LoopJump && error.kind === "continue" && error.depth === 1;
    if (!goesOn) throw error;
  }
}

async function runCase(shell: Shell, { word, items }: Extract<Body, { kind: "case" }>): Promise<number> {
  const value = await expandText(word, shell);
  shell.status = 0;
  for (const { patterns, script } of items) {
    for (const pattern of patterns) {
      if (matches(value, await expandPattern(pattern, shell))) {
        return shell.run(script);
      }
    }
  }
  return 0;
}
