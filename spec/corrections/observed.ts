import type { Correction } from "../../scripts/generate/corrections.ts";

/** What real engines always send, and where they send null. */
export const observed: readonly Correction[] = [];
