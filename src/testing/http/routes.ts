import type { Operation } from "../../generated/operation.ts";
import { operations } from "../../generated/operations.ts";

/** The id of an operation, e.g. `ContainerStart`. */
export type OperationId = keyof typeof operations;

/** Where a request leads. */
export interface Route {
  readonly operation: Operation & { readonly id: OperationId };
  /** The parameters in the path, decoded. */
  readonly path: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly operation: Operation & { readonly id: OperationId };
  readonly expression: RegExp;
}

/** The more of a path is fixed, the earlier it is tried: `/containers/prune` before `/containers/{id}`. */
const patterns: readonly Pattern[] = Object.values(operations)
  .sort((a, b) => fixedLength(b.path) - fixedLength(a.path))
  .map((operation: Operation) => ({
    operation: operation as Pattern["operation"],
    expression: expressionOf(operation),
  }));

/**
 * Finds the operation of a request. HEAD may stand for GET, as Go's router has it.
 *
 * @param path without the version
 */
export function findRoute(method: string, path: string): Route | undefined {
  for (const { operation, expression } of patterns) {
    const match = operation.method === method ? expression.exec(path) : null;
    if (match) {
      return { operation, path: decodeAll(match.groups ?? {}) };
    }
  }
  return undefined;
}

/** Names of containers, images, volumes and plugins may hold slashes, other ids may not (moby:daemon/server/router). */
function expressionOf({ path, slashes }: Operation): RegExp {
  const segment = slashes ? ".+" : "[^/]+";
  return new RegExp(`^${path.replace(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>${segment})`)}$`);
}

function fixedLength(path: string): number {
  return path.replace(/\{\w+\}/g, "").length;
}

function decodeAll(groups: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
}
