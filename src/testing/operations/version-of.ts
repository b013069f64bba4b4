import type { EngineRequest } from "../http/handler.ts";
import { goSyntax, Refusal } from "../http/refusal.ts";

/**
 * The version of a swarm's object that a request is to change.
 *
 * @throws Refusal in dockerd's words if there is none.
 */
export function versionOf({ parameters }: EngineRequest, kind: string): number {
  const { version } = parameters;
  if (typeof version === "number") {
    return version;
  }
  if (kind === "secret" || kind === "config") {
    throw new Refusal(400, `invalid ${kind} version`);
  }
  throw new Refusal(400, `invalid ${kind} version '': ${goSyntax("ParseUint", "")}`);
}
