// Tries every cell of the matrix of faults and writes docs/reliability.md: `tsx scripts/reliability/main.ts`. Fails, and
// writes nothing, if a cell is not as promised. No engine is needed.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCell, trials } from "../../test/faults/cell.ts";
import { ways } from "../../test/faults/ways.ts";
import { printReliability, type Tried } from "./print.ts";

const tried: Tried[] = [];
for (const way of ways) {
  for (const trial of trials) {
    const error = await runCell(way, trial).then(
      () => undefined,
      (reason: unknown) => String(reason),
    );
    tried.push({ way: way.name, trial, error });
  }
}
const failed = tried.filter(({ error }) => error !== undefined);
for (const { way, trial, error } of failed) {
  console.error(`${way}, ${trial.kind.name}, ${trial.fault.name}, ${trial.cancellation.name}: ${error}`);
}
console.log(`${tried.length} cells: ${tried.length - failed.length} as promised`);
if (failed.length > 0) {
  process.exitCode = 1;
} else {
  writeFileSync(join(import.meta.dirname, "..", "..", "docs", "reliability.md"), printReliability(tried));
}
