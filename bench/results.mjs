/** The rows that were measured last, group by group, so that each group can be measured by itself. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const file = new URL("results.json", import.meta.url);

/** `{ rows, surroundings, seconds }` of every group that was measured, by the group's name. */
export function readResults() {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

/** Keeps what was measured in place of the group's former rows, and gives all. */
export function keepResult(group, result) {
  const results = { ...readResults(), [group]: result };
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  return results;
}
