import { CopyError, type CopyErrorReason } from "../errors/copy-error.ts";

/** Makes the error of an entry that is not extracted. */
export function refusal(reason: CopyErrorReason, entry: string, words: string): CopyError {
  return new CopyError(`${JSON.stringify(entry)} ${words}`, { reason, entry });
}

/**
 * The parts of an entry's name, without empty ones and `.`.
 *
 * @throws CopyError if the name is absolute, has `..`, or cannot be a name here
 */
export function nameParts(name: string): string[] {
  if (name.startsWith("/")) {
    throw refusal("outside-target", name, "is an absolute name");
  }
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) {
    throw refusal("outside-target", name, "leads out of the target");
  }
  if (name.includes("\0") || (process.platform === "win32" && /[\\:]/.test(name))) {
    throw refusal("outside-target", name, "is not a name that a file can have here");
  }
  return parts;
}
