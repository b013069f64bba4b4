import { Refusal } from "../http/refusal.ts";
import type { Instruction } from "./dockerfile.ts";
import { splitWords } from "./words.ts";

/** One stage of a Dockerfile. */
export interface Stage {
  /** The image or the earlier stage that it begins with, as it is written. */
  readonly base: string;
  /** Its name in lower case; empty if it has none. */
  readonly name: string;
  readonly from: Instruction;
  readonly steps: readonly Instruction[];
}

/** A Dockerfile in its stages. */
export interface Stages {
  /** The arguments above the first stage. */
  readonly args: readonly Instruction[];
  readonly stages: readonly Stage[];
}

/**
 * Sorts instructions into stages, up to the target.
 *
 * @throws Refusal 400 in dockerd's words if something stands outside of them, or the target is none of them.
 */
export function sortIntoStages(instructions: readonly Instruction[], target: string): Stages {
  const args: Instruction[] = [];
  const stages: (Stage & { readonly steps: Instruction[] })[] = [];
  for (const instruction of instructions) {
    const last = stages.at(-1);
    if (instruction.name === "FROM") {
      stages.push(stageOf(instruction));
    } else if (last !== undefined) {
      last.steps.push(instruction);
    } else if (instruction.name === "ARG") {
      args.push(instruction);
    } else {
      throw new Refusal(400, "no build stage in current context");
    }
  }
  if (stages.length === 0) {
    throw new Refusal(400, "no build stage in current context");
  }
  return { args, stages: target === "" ? stages : stages.slice(0, indexOf(stages, target) + 1) };
}

/** The place of a stage by its name or its number; -1 if there is none such. */
export function findStage(stages: readonly Pick<Stage, "name">[], text: string): number {
  const at = stages.findIndex(({ name }) => name !== "" && name === text.toLowerCase());
  return at < 0 && /^\d+$/.test(text) && Number(text) < stages.length ? Number(text) : at;
}

function indexOf(stages: readonly Stage[], target: string): number {
  const at = findStage(stages, target);
  if (at < 0) {
    throw new Refusal(400, `target stage ${JSON.stringify(target)} could not be found`);
  }
  return at;
}

function stageOf(from: Instruction): Stage & { readonly steps: Instruction[] } {
  const [base = "", as, name = ""] = splitWords(from.rest);
  if (as !== undefined && as.toUpperCase() !== "AS") {
    throw new Refusal(400, `dockerfile parse error on line ${from.line}: FROM requires either one or three arguments`);
  }
  return { base, name: name.toLowerCase(), from, steps: [] };
}
