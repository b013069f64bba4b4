/** What the client must know of one operation of the Engine to encode its request and decode its answer. */
export interface Operation {
  /** The Engine's name for it, e.g. `ContainerLogs`. */
  readonly id: string;
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  /** The path without the version, e.g. `/containers/{id}/logs`. */
  readonly path: string;
  /** Whether `/` may stand inside the path's first parameter, as in image names. */
  readonly slashes?: true;
  /** The first API version that has the operation; `1.40` when the oldest one has it. */
  readonly since: string;
  /** Whether the path is sent without a version. */
  readonly unversioned?: true;
  readonly query?: Readonly<Record<string, QueryParameter>>;
  /** Parameters that travel as headers, by the name of our option. */
  readonly headers?: Readonly<Record<string, HeaderParameter>>;
  /** What the engine reads as the body; absent when it reads none. */
  readonly body?: "json" | "tar" | "bytes";
  readonly bodyRequired?: true;
  /**
   * Fields of the body that API 1.40 does not have, by their dotted path, with the first version that has them. `*`
   * stands for any item of a list and any key of a map.
   */
  readonly bodyFields?: Readonly<Record<string, string>>;
  /** How a successful answer is read. */
  readonly answer: "empty" | "json" | "text" | "headers" | "frames" | "json-stream" | "progress" | "tar" | "upgrade";
  /** Whether the engine may take long by design, so that no header or idle timeout holds by default. */
  readonly long?: true;
  /**
   * Keys in the answer whose integers do not fit a double and are typed `bigint`; `pids_stats.limit` is the key `limit`
   * inside the object under `pids_stats` alone.
   */
  readonly bigints?: readonly string[];
  /** The documented statuses and what each means. */
  readonly kinds: Readonly<Record<number, string>>;
}

/** A parameter in the query. */
export interface QueryParameter {
  /**
   * How the value is written. `strings` repeats the key, once for each item; items that are objects are written as
   * JSON. `json` writes the whole value as JSON. `timestamp` takes seconds, an RFC 3339 text or a `Date`.
   */
  readonly type: "boolean" | "integer" | "number" | "string" | "strings" | "json" | "timestamp";
  /** The first API version that has the parameter, when it is newer than the operation. */
  readonly since?: string;
  readonly required?: true;
}

/** A parameter in a header. */
export interface HeaderParameter {
  /** The header's name, e.g. `X-Registry-Auth`. */
  readonly name: string;
  /** How the value is written: as it is, or as padded base64url of its JSON. */
  readonly type: "string" | "base64url-json";
  /** The first API version that has the header, when it is newer than the operation. */
  readonly since?: string;
}
