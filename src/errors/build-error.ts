import { EngineStreamError } from "./engine-stream-error.ts";
import type { ErrorContext } from "./fairlead-error.ts";

/** Thrown when the engine reports that a build failed after it began to answer. */
export class BuildError extends EngineStreamError {
  override readonly name = "BuildError";
  /** The step that failed, e.g. `[2/3] RUN make` or `Step 2/3 : RUN make`, if the engine got that far. */
  readonly step: string | undefined;
  /** The last lines that the step printed, oldest first, at most 20. */
  readonly lastLines: readonly string[];

  constructor(
    { engineMessage, code }: EngineStreamError,
    facts: { readonly step: string | undefined; readonly lastLines: readonly string[] },
    context?: ErrorContext,
  ) {
    super(engineMessage, { ...context, code });
    this.step = facts.step;
    this.lastLines = facts.lastLines;
  }
}
