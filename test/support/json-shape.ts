/** Keys that are names or ids rather than fields, e.g. those of `Labels`, are taken for one. */
const fieldName = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

/** Which fields a JSON value has and of which types: the same text for values that differ in their data alone. */
export function shapeOf(value: unknown): string {
  if (value === null || typeof value !== "object") {
    return value === null ? "null" : typeof value;
  }
  if (Array.isArray(value)) {
    return `[${[...new Set(value.map(shapeOf))].sort().join("|")}]`;
  }
  const fields = Object.entries(value).map(([key, part]) => `${fieldName.test(key) ? key : "*"}:${shapeOf(part)}`);
  return `{${[...new Set(fields)].sort().join()}}`;
}
