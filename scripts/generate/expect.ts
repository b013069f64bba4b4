import { GenerateError } from "./facts.ts";

/** Throws a `GenerateError` with the text unless the condition holds. */
export function expect(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new GenerateError(otherwise);
}
