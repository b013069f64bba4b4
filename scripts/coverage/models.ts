import { type AnswerCheck, checkAnswer } from "../../test/support/check-answer.ts";
import { noEngine, type Observation } from "./observations.ts";

/** Compares what real engines answered with the models, and tells each difference once, with the engines that show it. */
export function compareWithModels(observations: readonly Observation[]): AnswerCheck {
  const problems = new Map<string, Set<string>>();
  const unknownFields = new Map<string, Set<string>>();
  for (const { engine, operation, status, bodies } of observations) {
    const answers: readonly unknown[] = engine === noEngine ? [] : bodies.map((body) => JSON.parse(body));
    for (const answer of answers.filter((each) => !isHiddenError(each))) {
      const found = checkAnswer(operation, status, answer);
      for (const text of found.problems) add(problems, `${operation} ${status} ${text}`, engine);
      for (const text of found.unknownFields) add(unknownFields, `${operation} ${text}`, engine);
    }
  }
  return { problems: lines(problems), unknownFields: lines(unknownFields) };
}

/** Podman hides failures in answers of 200; the client throws them. */
function isHiddenError(json: unknown): boolean {
  return typeof json === "object" && json !== null && "cause" in json && "response" in json;
}

function add(found: Map<string, Set<string>>, text: string, engine: string): void {
  found.set(text, (found.get(text) ?? new Set()).add(engine));
}

function lines(found: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  return [...found].map(([text, engines]) => `${text} (${[...engines].sort().join(", ")})`);
}
