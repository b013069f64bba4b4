import type { Correction } from "./corrections.ts";
import type { Facts } from "./facts.ts";
import type { Model } from "./model.ts";

/** What was read and made, in lines for the terminal. */
export function summarize(
  facts: Facts,
  model: Model,
  corrections: readonly Correction[],
  committed: boolean,
): readonly string[] {
  const { source, operations, definitions } = facts;
  const read = Object.values(operations);
  const made = [...model.operations.values()];
  const files = Object.entries(source.files).map(([name, hash]) => `  ${name} ${hash}`);
  return [
    committed ? "facts: as committed" : `facts: from ${files.length} files`,
    ...files,
    `read: ${read.length} operations, ${sum(read, (each) => each.parameters?.length ?? 0)} parameters, ` +
      `${sum(read, (each) => Object.keys(each.responses).length)} answers, ${Object.keys(definitions).length} definitions`,
    `corrected: ${corrections.length} rows`,
    `made: ${made.length} operations, ${sum(made, (each) => each.parameters.size)} parameters, ` +
      `${sum(made, (each) => each.answers.size)} answers, ${model.interfaces.size + model.aliases.size} types`,
  ];
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}
