import type { Call } from "../call.ts";
import type { OperationId, RawOutcomes, ValueOf } from "../engine/engine.ts";

/** The call of one operation. */
export type OperationCall<Id extends OperationId> = Call<ValueOf<RawOutcomes[Id]>, RawOutcomes[Id]>;
