import type { ErrorResponse } from "./models.ts";

/** A documented answer with a value: success, an upgraded connection, or "it was already so". */
export interface Answer<K extends string, S extends number, V> {
  /** What the answer means for this operation, e.g. `Succeeded`. */
  readonly kind: K;
  /** The HTTP status. */
  readonly status: S;
  /** What the engine sent; undefined when the answer has no body. */
  readonly value: V;
}

/** A documented answer that says why the engine refused or failed. */
export interface Failure<K extends string, S extends number> {
  /** What the answer means for this operation, e.g. `NoSuchContainer`. */
  readonly kind: K;
  /** The HTTP status. */
  readonly status: S;
  /** The engine's own words. */
  readonly error: ErrorResponse;
}
