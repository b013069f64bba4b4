/** A moment as the caller may give it: seconds since 1970, a `Date`, seconds as text, or RFC 3339 text. */
export type Timestamp = number | string | Date;

/**
 * The moment as the daemon reads it: `seconds` or `seconds.nanoseconds` (moby:client/internal/timestamp/timestamp.go:26-96).
 * Undefined if the value is not a moment.
 */
export function encodeTimestamp(value: unknown): string | undefined {
  if (value instanceof Date) {
    return fromMilliseconds(value.getTime());
  }
  if (typeof value === "number") {
    // A double holds the seconds of our time to the microsecond; further digits would be noise.
    return value >= 0 && value <= Number.MAX_SAFE_INTEGER ? trimZeros(value.toFixed(6)) : undefined;
  }
  return typeof value === "string" ? fromText(value) : undefined;
}

function fromText(text: string): string | undefined {
  if (/^\d+(\.\d{1,9})?$/.test(text)) {
    return text;
  }
  // Date keeps milliseconds only, so the fraction is taken from the text.
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i.exec(text);
  const seconds = match && Date.parse(`${match[1]}${match[3]}`) / 1000;
  return match && seconds !== null && seconds >= 0 ? `${seconds}${match[2] ?? ""}` : undefined;
}

function fromMilliseconds(milliseconds: number): string | undefined {
  return milliseconds >= 0 ? trimZeros((milliseconds / 1000).toFixed(3)) : undefined;
}

function trimZeros(text: string): string {
  return text.replace(/\.?0+$/, "");
}
