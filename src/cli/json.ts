/**
 * A value as JSON on one line. Integers that JSON readers would round, such as an event's `timeNano`, are written as
 * strings of digits.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, writeBigint);
}

/** A value as JSON, indented. */
export function toPrettyJson(value: unknown): string {
  return JSON.stringify(value, writeBigint, 2);
}

function writeBigint(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
