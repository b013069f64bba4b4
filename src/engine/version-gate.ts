import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import type { Operation } from "../generated/operation.ts";
import { compareVersions } from "./api-version.ts";
import type { ParameterValues } from "./parameters.ts";

/**
 * Refuses what the negotiated version does not have. The daemon would not say so: it ignores parameters and fields that
 * it does not know.
 *
 * @throws InvalidRequestError that names the operation, parameter or field, and both versions.
 */
export function refuseNewer(
  operation: Operation,
  version: string,
  parameters: ParameterValues | undefined,
  body: unknown,
): void {
  refuse(operation, version, operation.id, operation.since);
  for (const [name, value] of Object.entries(parameters ?? {})) {
    const since = (operation.query?.[name] ?? operation.headers?.[name])?.since;
    if (value !== undefined && since !== undefined) {
      refuse(operation, version, name, since);
    }
  }
  for (const [path, since] of Object.entries(operation.bodyFields ?? {})) {
    if (compareVersions(since, version) > 0 && holds(body, path.split("."))) {
      refuse(operation, version, path, since);
    }
  }
}

function refuse({ id, method, path }: Operation, version: string, name: string, since: string): void {
  if (compareVersions(since, version) > 0) {
    throw new InvalidRequestError(`${name} needs API ${since}, and the engine speaks ${version}`, {
      operation: id,
      method,
      path,
      parameter: name,
    });
  }
}

/** Whether the value has something at the path, where `*` stands for every item of a list and every value of a map. */
function holds(value: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) {
    return value !== undefined && value !== null;
  }
  if (typeof value !== "object" || value === null) {
    return false;
  }
  if (key === "*") {
    return Object.values(value).some((item) => holds(item, rest));
  }
  return Object.hasOwn(value, key) && holds(Reflect.get(value, key), rest);
}
