import { type ErrorContext, FairleadError } from "./fairlead-error.ts";

/** The API versions that met, where they are known. */
export interface VersionFacts {
  /** The version that was asked for or that the engine offers, e.g. `1.39`. */
  readonly version: string;
  /** The oldest version that the refusing side speaks. */
  readonly minimum?: string | undefined;
  /** The newest version that the refusing side speaks. */
  readonly maximum?: string | undefined;
}

/**
 * Thrown when client and engine have no API version in common, or when the version that was chosen explicitly (or with
 * `DOCKER_API_VERSION`) is not one that the engine speaks.
 */
export class VersionError extends FairleadError implements VersionFacts {
  override readonly name = "VersionError";
  readonly version: string;
  readonly minimum: string | undefined;
  readonly maximum: string | undefined;

  constructor(message: string, facts: VersionFacts, context?: ErrorContext) {
    super(message, context);
    this.version = facts.version;
    this.minimum = facts.minimum;
    this.maximum = facts.maximum;
  }
}
