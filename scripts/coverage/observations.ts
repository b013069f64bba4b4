import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** How often one engine gave one answer to one operation, and what its JSON looked like. */
export interface Observation {
  /** What the engine calls itself, e.g. `Docker 28.5.2`; `none` for a server that is no engine. */
  readonly engine: string;
  readonly operation: string;
  readonly status: number;
  readonly count: number;
  /** Answers as JSON, one of each shape. */
  readonly bodies: readonly string[];
}

/** The engine of an observation that a test's own server gave. */
export const noEngine: string = "none";

/** The embedded engine of fairlead/testing, which is shown beside the real ones and counts as none of them. */
export const embeddedEngine: string = "embedded";

/** Reads what the processes of any number of test runs have left in a folder. */
export function readObservations(folder: string): readonly Observation[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
    .filter((line) => line !== "")
    .map((line): Observation => JSON.parse(line)); // the recorder writes what the type says
}

/** Sums up observations of the same answer by the same engine. */
export function mergeObservations(observations: readonly Observation[]): readonly Observation[] {
  const merged = new Map<string, Observation>();
  for (const one of observations) {
    const key = `${one.engine} ${one.operation} ${one.status}`;
    const known = merged.get(key);
    const bodies = new Set([...(known?.bodies ?? []), ...one.bodies]);
    merged.set(key, { ...one, count: one.count + (known?.count ?? 0), bodies: [...bodies] });
  }
  return [...merged.values()];
}
