import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import type { Operation } from "../generated/operation.ts";

/** Values for the `{placeholders}` of an operation's path. */
export type PathValues = Readonly<Record<string, string>>;

/**
 * The operation's path with its placeholders filled in and escaped.
 *
 * @throws InvalidRequestError if a value is missing, empty, has empty or dot segments (the daemon's router would send
 *   the request elsewhere), a slash where none may be, or control characters.
 */
export function expandPath(operation: Operation, values: PathValues): string {
  return operation.path.replace(/\{(\w+)\}/g, (_, name: string) => escapeValue(operation, name, values[name]));
}

function escapeValue(operation: Operation, name: string, value: unknown): string {
  if (typeof value !== "string" || value === "") {
    throw invalid(operation, name, `${name} must be a string that is not empty`);
  }
  const segments = operation.slashes ? value.split("/") : [value];
  return segments.map((segment) => escapeSegment(operation, name, segment)).join("/");
}

function escapeSegment(operation: Operation, name: string, segment: string): string {
  if (segment === "") {
    throw invalid(operation, name, `${name} must not begin or end with a slash, nor hold two in a row`);
  }
  if (segment === "." || segment === "..") {
    throw invalid(operation, name, `${name} must not hold the path segments "." and ".."`);
  }
  if (segment.includes("/")) {
    throw invalid(operation, name, `${name} must not hold a slash`);
  }
  if (/[\p{Cc}\p{Cs}]/u.test(segment)) {
    throw invalid(operation, name, `${name} must not hold control characters or halves of characters`);
  }
  return encodeURIComponent(segment);
}

function invalid({ id, method, path }: Operation, parameter: string, message: string): InvalidRequestError {
  return new InvalidRequestError(message, { operation: id, method, path, parameter });
}
