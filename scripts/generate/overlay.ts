import type { Change, Correction } from "./corrections.ts";
import { GenerateError } from "./facts.ts";
import { type Model, operationOf } from "./model.ts";
import { applyToModel } from "./overlay-model.ts";
import { applyToOperation } from "./overlay-operation.ts";

/**
 * Applies the corrections in order. Throws a `GenerateError` for a row whose target is missing or which changes
 * nothing, because the spec has caught up with it.
 */
export function applyCorrections(model: Model, corrections: readonly Correction[]): void {
  for (const row of corrections) {
    try {
      applyOne(model, row);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new GenerateError(`the correction ${label(row)} no longer applies: ${reason}`, { cause });
    }
  }
}

function label({ because: _because, source: _source, ...change }: Correction): string {
  return JSON.stringify(change satisfies Change);
}

function applyOne(model: Model, row: Correction): void {
  if (!("operations" in row)) {
    applyToModel(model, row);
    return;
  }
  for (const id of row.operations) applyToOperation(operationOf(model, id), row);
  if (row.fix === "bigint") applyToModel(model, row);
}
