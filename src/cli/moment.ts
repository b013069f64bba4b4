const secondsIn: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/**
 * Reads a moment of the past as the docker CLI does: a duration such as `10m` or `1h30m` is so long before `now`, which
 * is in milliseconds since 1970. Anything else, such as RFC 3339 or seconds since 1970, is left to the client.
 */
export function readMoment(text: string | undefined, now: number): string | Date | undefined {
  if (text === undefined || !/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text)) {
    return text;
  }
  const parts = [...text.matchAll(/([\d.]+)(h|ms|m|s)/g)];
  const seconds = parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (secondsIn[unit] ?? 0), 0);
  return new Date(now - seconds * 1000);
}
