/** A moment as Go writes it, with nanoseconds: `2026-01-02T03:04:05.678000000Z`. */
export function goTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000000Z");
}

/** What Go writes for a moment that has not come. */
export const neverTime = "0001-01-01T00:00:00Z";

/** The same in whole seconds: `2026-01-02T03:04:05Z`. */
export function goSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
