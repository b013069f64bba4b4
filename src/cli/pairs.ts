import { UsageError } from "./usage-error.ts";

/** Cuts `KEY=VALUE` at its first equals sign; without one the value is undefined. */
export function splitPair(text: string): readonly [key: string, value: string | undefined] {
  const at = text.indexOf("=");
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * Reads `--filter KEY=VALUE` as often as it was given; undefined if it was not.
 *
 * @throws UsageError if one has no value.
 */
export function readFilters(filters: readonly string[]): Record<string, string[]> | undefined {
  const read: Record<string, string[]> = {};
  for (const filter of filters) {
    const [key, value] = splitPair(filter);
    if (value === undefined || key === "") {
      throw new UsageError(`--filter takes KEY=VALUE, not "${filter}"`);
    }
    read[key] = [...(Object.hasOwn(read, key) ? (read[key] ?? []) : []), value];
  }
  return filters.length === 0 ? undefined : read;
}
