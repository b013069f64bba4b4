import type { Call } from "../call.ts";
import type { ValueOf } from "../engine/engine.ts";
import type { Outcomes } from "../generated/outcomes.ts";

/** The call of one operation whose answer is not a stream. */
export type OperationCall<Id extends keyof Outcomes> = Call<ValueOf<Outcomes[Id]>, Outcomes[Id]>;
