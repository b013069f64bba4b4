import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/**
 * Thrown by `await call` when the engine answered with a failure that the operation documents, e.g. 404 with the kind
 * `NoSuchContainer`. `call.outcome()` gives the same answer as data instead. An answer that the operation does not
 * document is an `UnexpectedStatusError` in both views.
 */
export class StatusError extends FairleadError {
  override readonly name = "StatusError";
  /** What the answer means for this operation, e.g. `NoSuchContainer`. */
  readonly kind: string;
  /** The HTTP status, e.g. 404. */
  readonly status: number;
  /** The engine's own message, word for word. */
  readonly engineMessage: string;

  constructor(facts: { kind: string; status: number; engineMessage: string }, context?: ErrorContext) {
    super(`${facts.kind}: ${facts.engineMessage || `the engine answered ${facts.status} without a message`}`, context);
    this.kind = facts.kind;
    this.status = facts.status;
    this.engineMessage = facts.engineMessage;
  }
}
