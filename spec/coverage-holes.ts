/** Why answers were not seen. What is left out holds for all; the first row that fits counts. */
export interface CoverageHole {
  readonly operations?: readonly string[];
  readonly tags?: readonly string[];
  readonly statuses?: readonly number[];
  /** The columns of the table, e.g. `Docker 20.10` or `Podman`. */
  readonly engines?: RegExp;
  readonly because: string;
}

/** The reasons, the particular ones first. */
export const coverageHoles: readonly CoverageHole[] = [];
