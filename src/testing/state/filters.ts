import { Refusal } from "../http/refusal.ts";

/** Filters as requests have them: of each key any value may hold, and every key must. */
export type Filters = Readonly<Record<string, readonly string[]>>;

/** How each key of a filter chooses among things. */
export type FilterTests<T> = Readonly<Record<string, (thing: T, value: string) => boolean>>;

/** What refuses the values of a key that are none, whether or not there is anything to choose among. */
export type FilterChecks = Readonly<Record<string, (value: string) => unknown>>;

/**
 * Makes the function that chooses.
 *
 * @throws Refusal if a key is not among those that there are tests for, or what a check throws.
 */
export function chooser<T>(filters: unknown, tests: FilterTests<T>, checks: FilterChecks = {}): (thing: T) => boolean {
  // The parameters were read as filters, which are lists by their keys.
  const entries = Object.entries((filters ?? {}) as Filters).map(([key, values]) => {
    const test = tests[key];
    if (test === undefined) {
      throw new Refusal(400, `invalid filter '${key}'`);
    }
    for (const value of values) {
      checks[key]?.(value);
    }
    return { key, values, test };
  });
  return (thing) =>
    entries.every(({ key, values, test }) =>
      key === "label" || key.endsWith("!")
        ? values.every((value) => test(thing, value))
        : values.length === 0 || values.some((value) => test(thing, value)),
    );
}

/** Whether labels have what `key` or `key=value` says. */
export function hasLabel(labels: Readonly<Record<string, string>> | null | undefined, text: string): boolean {
  const at = text.indexOf("=");
  const key = at < 0 ? text : text.slice(0, at);
  const value = labels?.[key];
  return value !== undefined && (at < 0 || value === text.slice(at + 1));
}
