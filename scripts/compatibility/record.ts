/** That a file of contract tests passed, or not, with one runtime on one engine. */
export interface CompatibilityRecord {
  /** E.g. `Bun 1.4.5`. */
  readonly runtime: string;
  /** E.g. `Docker 28.5.2`. */
  readonly engine: string;
  /** How the engine was reached, e.g. `unix`. */
  readonly transport: string;
  /** The name of the file, e.g. `attach`. */
  readonly file: string;
  readonly passed: boolean;
}
