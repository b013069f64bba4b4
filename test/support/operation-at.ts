import type { Operation } from "../../src/generated/operation.ts";
import { operations } from "../../src/generated/operations.ts";

/** The operation that a request is, by its method and its path with or without version and query; `undefined` for none. */
export function operationAt(method: string, path: string): Operation | undefined {
  return routes.find(({ operation, pattern }) => operation.method === method && pattern.test(path))?.operation;
}

/** Ids may have slashes, so that a path can fit several operations: the one with most of the path's own words is meant. */
const routes = Object.values<Operation>(operations)
  .map((operation) => ({ operation, pattern: patternOf(operation) }))
  .sort((a, b) => fixedParts(b.operation) - fixedParts(a.operation));

function patternOf({ path, slashes }: Operation): RegExp {
  return new RegExp(`^(?:/v[\\d.]+)?${path.replace(/\{\w+\}/g, slashes ? "[^?]+" : "[^/?]+")}(?:\\?|$)`);
}

function fixedParts({ path }: Operation): number {
  return path.split("/").filter((part) => part !== "" && !part.startsWith("{")).length;
}
