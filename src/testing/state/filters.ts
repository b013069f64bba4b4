import { Refusal } from "../http/refusal.ts";

/** Filters as requests have them: of each key any value may hold, and every key must. */
export type Filters = Readonly<Record<string, readonly string[]>>;

/** How each key of a filter chooses among things: by the text of its value, or by what is read from that. */
export type FilterTests<T> = Readonly<Record<string, ((thing: T, value: string) => boolean) | Reading<T>>>;

/** Reads a value once, and refuses one that is none, whether or not there is anything to choose among. */
export interface Reading<T> {
  readonly chooserOf: (value: string) => (thing: T) => boolean;
}

/** Makes a test of what `read` makes of a value. */
export function reading<T, V>(read: (text: string) => V, test: (thing: T, value: V) => boolean): Reading<T> {
  return {
    chooserOf: (text) => {
      const value = read(text);
      return (thing) => test(thing, value);
    },
  };
}

/**
 * Makes the function that chooses.
 *
 * @throws Refusal if a key is not among those that there are tests for, or a value cannot be read.
 */
export function chooser<T>(filters: unknown, tests: FilterTests<T>): (thing: T) => boolean {
  // The parameters were read as filters, which are lists by their keys.
  const entries = Object.entries((filters ?? {}) as Filters).map(([key, values]) => {
    const test = tests[key];
    if (test === undefined) {
      throw new Refusal(400, `invalid filter '${key}'`);
    }
    const choosers = values.map((value) =>
      typeof test === "function" ? (thing: T) => test(thing, value) : test.chooserOf(value),
    );
    return { key, choosers };
  });
  return (thing) =>
    entries.every(({ key, choosers }) =>
      key === "label" || key.endsWith("!")
        ? choosers.every((chooses) => chooses(thing))
        : choosers.length === 0 || choosers.some((chooses) => chooses(thing)),
    );
}

/** Whether labels have what `key` or `key=value` says. */
export function hasLabel(labels: Readonly<Record<string, string>> | null | undefined, text: string): boolean {
  const at = text.indexOf("=");
  const key = at < 0 ? text : text.slice(0, at);
  const value = labels?.[key];
  return value !== undefined && (at < 0 || value === text.slice(at + 1));
}
