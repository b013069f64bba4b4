import { Refusal } from "../http/refusal.ts";

const units = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/**
 * Reads a moment as dockerd does: seconds with a fraction, an RFC 3339 time, or how long ago it was, e.g. `10m`.
 *
 * @returns milliseconds since 1970
 * @throws Refusal if it is none of these.
 */
export function momentMs(text: string, nowMs: number): number {
  if (/^-?\d+(\.\d+)?$/.test(text)) {
    return Number(text) * 1000;
  }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length > 0 && parts.map(([part]) => part).join("") === text) {
    // The expression has matched only units that there are.
    return nowMs - parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units], 0);
  }
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) {
    throw new Refusal(400, `failed to parse value as time or duration: ${JSON.stringify(text)}`);
  }
  return ms;
}
