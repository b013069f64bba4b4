import type { Correction } from "../generate/corrections.ts";
import type { Facts } from "../generate/facts.ts";
import { correctedModel } from "../generate/output.ts";
import type { DocumentedAnswer } from "./table.ts";

/** All answers that the specification or our corrections document, in the order of the specification. */
export function documentedAnswers(facts: Facts, corrections: readonly Correction[]): readonly DocumentedAnswer[] {
  const { operations } = correctedModel(facts, corrections);
  return [...operations.values()].flatMap(({ id, answers, path }) => {
    const official = facts.operations[id]?.responses ?? {};
    const statuses = new Set([...answers.keys(), ...Object.keys(official).map(Number)]);
    return [...statuses]
      .sort((a, b) => a - b)
      .map((status) => ({
        operation: id,
        tag: facts.operations[id]?.tag ?? tagOf(path),
        status,
        kind: answers.get(status)?.kind ?? official[status]?.means ?? "",
        official: official[status] !== undefined,
        dropped: answers.has(status) ? undefined : reasonForDropping(corrections, id, status),
      }));
  });
}

/** Operations that the specification does not have stand with those of the same path. */
function tagOf(path: string): string {
  return path.startsWith("/containers/") ? "Container" : "Image";
}

function reasonForDropping(corrections: readonly Correction[], id: string, status: number): string | undefined {
  const row = corrections.find(
    (each) => each.fix === "drop-answer" && each.status === status && each.operations.includes(id),
  );
  return row?.because;
}
