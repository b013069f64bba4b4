import assert from "node:assert/strict";
import { test } from "node:test";
import { kindsOfCall } from "./calls.ts";
import { runCell, trialsOf } from "./cell.ts";
import { faults } from "./faults.ts";
import { ways } from "./ways.ts";

// What is promised of every cell is in docs/reliability.md.
for (const way of ways) {
  for (const kind of kindsOfCall) {
    for (const fault of faults) {
      test(`a ${kind.name} over ${way.name} survives: ${fault.name}`, { timeout: 600_000 }, async () => {
        const failed: string[] = [];
        for (const trial of trialsOf(kind, fault)) {
          await runCell(way, trial).catch((error: unknown) => failed.push(`${trial.cancellation.name}: ${error}`));
        }
        assert.deepEqual(failed, []);
      });
    }
  }
}
