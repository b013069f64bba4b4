import { type AnswerCheck, checkAnswer } from "../../test/support/check-answer.ts";
import { noEngine, type Observation } from "./observations.ts";

/** Compares what real engines answered with the models, and tells each difference once, with the engines that show it. */
export function compareWithModels(observations: readonly Observation[]): AnswerCheck {
  const problems = new Map<string, Set<string>>();
  const unknownFields = new Map<string, Set<string>>();
  for (const { engine, operation, status, bodies } of observations) {
    for (const body of engine === noEngine ? [] : bodies) {
      const found = checkAnswer(operation, status, JSON.parse(body));
      for (const text of found.problems) add(problems, `${operation} ${status} ${text}`, engine);
      for (const text of found.unknownFields) add(unknownFields, `${operation} ${text}`, engine);
    }
  }
  return { problems: lines(problems), unknownFields: lines(unknownFields) };
}

function add(found: Map<string, Set<string>>, text: string, engine: string): void {
  found.set(text, (found.get(text) ?? new Set()).add(engine));
}

function lines(found: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  return [...found].map(([text, engines]) => `${text} (${[...engines].sort().join(", ")})`);
}
