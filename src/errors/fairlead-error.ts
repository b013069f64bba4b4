/** Where a failure happened. Never holds a query string, a header or a body: those may carry secrets. */
export interface ErrorContext {
  /** The Engine API's operation id, e.g. `ContainerStart`. */
  readonly operation?: string | undefined;
  /** The HTTP method, e.g. `POST`. */
  readonly method?: string | undefined;
  /** The URL's path without its query, e.g. `/v1.51/containers/web/start`. */
  readonly path?: string | undefined;
  /** What caused the failure, as it was caught. */
  readonly cause?: unknown;
}

/**
 * The root of everything that Fairlead throws: `error instanceof FairleadError` tells a failure of the engine, of the
 * connection or of a request from a bug in the calling program.
 */
export abstract class FairleadError extends Error {
  abstract override readonly name: string;
  /** The Engine API's operation id, when the failure belongs to one. */
  readonly operation: string | undefined;
  /** The HTTP method of the failed request. */
  readonly method: string | undefined;
  /** The path of the failed request, without its query. */
  readonly path: string | undefined;

  constructor(message: string, context: ErrorContext = {}) {
    const { operation, method, path, cause } = context;
    super(`${message}${describe(context)}`, cause === undefined ? undefined : { cause });
    this.operation = operation;
    this.method = method;
    this.path = path;
  }
}

function describe({ operation, method, path }: ErrorContext): string {
  const request = method && path ? `${method} ${path}` : undefined;
  const where = [operation, request].filter((part) => part !== undefined).join(", ");
  return where === "" ? "" : ` (${where})`;
}
