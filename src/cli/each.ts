import type { Context } from "./command.ts";
import { toPrettyJson } from "./json.ts";

/** What was done to one object: a text for a person, and data for a program. */
export interface Done {
  readonly text: string;
  readonly data: unknown;
}

/** Whether objects are handled at the same time, or each when the one before it is finished. */
export type Order = "together" | "in turn";

/**
 * Does the same to every object that was named, and prints what came of it in the order of the names. A failure is
 * reported, and the others go on.
 */
export async function forEachOperand(
  context: Context<unknown>,
  order: Order,
  act: (operand: string) => Promise<Done>,
): Promise<void> {
  const { operands, json, io, report } = context;
  const all: unknown[] = [];
  const run = order === "together" ? startAll(operands, act) : operands.map((operand) => () => act(operand));
  for (const settle of run) {
    try {
      const { text, data } = await settle();
      all.push(data);
      await (json ? undefined : io.stdout.write(`${text}\n`));
    } catch (failure) {
      await report(failure);
    }
  }
  if (json) {
    await io.stdout.write(`${toPrettyJson(all)}\n`);
  }
}

function startAll(operands: readonly string[], act: (operand: string) => Promise<Done>): (() => Promise<Done>)[] {
  return operands.map((operand) => {
    const done = act(operand);
    // It is awaited later, in its turn.
    done.catch(() => {});
    return () => done;
  });
}
