const nanos: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/**
 * Reads a duration as Go writes it, e.g. `1m30s`, in nanoseconds; undefined if there is none.
 *
 * @throws Error in Go's words if it is none.
 */
export function durationNs(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) {
    throw new Error(`time: invalid duration ${JSON.stringify(text)}`);
  }
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (nanos[unit] ?? 0), 0);
}
