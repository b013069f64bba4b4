import { Refusal } from "../http/refusal.ts";

/**
 * Reads a filter that is true or false.
 *
 * @throws Refusal if it is neither.
 */
export function readFlag(key: string, value: string): boolean {
  if (["1", "t", "true", "True", "TRUE"].includes(value)) {
    return true;
  }
  if (["0", "f", "false", "False", "FALSE"].includes(value)) {
    return false;
  }
  throw new Refusal(400, `invalid filter '${key}=[${value}]'`);
}
