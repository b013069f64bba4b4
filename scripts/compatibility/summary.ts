import type { CompatibilityRecord } from "./record.ts";

/** What passed, and what did not, with one runtime on one engine over one transport. */
export interface CompatibilitySummary {
  readonly runtime: string;
  readonly engine: string;
  readonly transport: string;
  /** The scenarios that each transport must pass, or everything else. */
  readonly suite: "contract" | "transports";
  /** How many files of tests passed. */
  readonly passed: number;
  /** The files in which a test failed. */
  readonly failed: readonly string[];
}

/** Gathers the records; a file that was run more than once counts as it was the last time. */
export function summarize(records: readonly CompatibilityRecord[]): readonly CompatibilitySummary[] {
  const groups = new Map<string, Map<string, CompatibilityRecord>>();
  for (const record of records) {
    const key = [suiteOf(record), record.runtime, record.engine, record.transport].join("|");
    const files = groups.get(key) ?? new Map<string, CompatibilityRecord>();
    groups.set(key, files.set(record.file, record));
  }
  const keys = [...groups.keys()].sort((left, right) => left.localeCompare(right, "en", { numeric: true }));
  return keys.flatMap((key) => {
    const files = [...(groups.get(key)?.values() ?? [])];
    const [first] = files;
    if (first === undefined) return [];
    const { runtime, engine, transport } = first;
    const failed = files.flatMap(({ file, passed }) => (passed ? [] : [file])).sort();
    return [{ runtime, engine, transport, suite: suiteOf(first), passed: files.length - failed.length, failed }];
  });
}

function suiteOf({ file }: CompatibilityRecord): CompatibilitySummary["suite"] {
  return file.startsWith("transports") ? "transports" : "contract";
}
