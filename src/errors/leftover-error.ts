import { FairleadError } from "./fairlead-error.ts";

/**
 * Thrown by `containers.run` when the container that it had created could not be removed. The container is still there
 * and may be running.
 */
export class LeftoverError extends FairleadError {
  override readonly name = "LeftoverError";
  /** The id of the container that is left. */
  readonly containerId: string;
  /** Why the run had failed before; undefined if it had not. */
  readonly failure: unknown;

  /** @param cause why the container could not be removed */
  constructor(containerId: string, failure: unknown, cause: unknown) {
    super(`The container ${containerId} could not be removed`, { cause });
    this.containerId = containerId;
    this.failure = failure;
  }
}
