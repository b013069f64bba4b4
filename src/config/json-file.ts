import { readFile, stat } from "node:fs/promises";
import { ConfigError } from "../errors/config-error.ts";

/** A JSON object of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Larger files are no configuration: whoever names one by mistake should not wait for it. */
const longestBytes = 8 * 1024 * 1024;

/**
 * Reads a file of at most 8 MiB. Resolves with undefined if there is none.
 *
 * @throws ConfigError if it is larger or cannot be read.
 */
export async function readSmallFile(file: string): Promise<Buffer | undefined> {
  try {
    const found = await stat(file);
    // A pipe or a device has the size 0 and no end.
    if (!found.isFile()) {
      throw new ConfigError(`${file} is not a file`, file);
    }
    if (found.size > longestBytes) {
      throw new ConfigError(`${file} is larger than 8 MiB`, file);
    }
    return await readFile(file);
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") {
      return undefined;
    }
    throw error instanceof ConfigError ? error : new ConfigError(`${file} cannot be read: ${code}`, file, error);
  }
}

/** The system's word for what failed, e.g. `EACCES`. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/**
 * Reads a JSON object from a file. Resolves with undefined if there is none.
 *
 * @throws ConfigError if it cannot be read, is larger than 8 MiB, or is not a JSON object.
 */
export async function readJsonFile(file: string): Promise<JsonObject | undefined> {
  const bytes = await readSmallFile(file);
  if (bytes === undefined) {
    return undefined;
  }
  const value = parse(bytes.toString("utf8"), file);
  if (!isObject(value)) {
    throw new ConfigError(`${file} holds no JSON object`, file);
  }
  return value;
}

/** The parser's own error has no place here: it shows a part of the file. */
function parse(text: string, file: string): unknown {
  try {
    // The docker CLI takes an empty file for an empty object (cli:cli/config/configfile/file.go:124).
    return text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    throw new ConfigError(`${file} is not JSON`, file);
  }
}

/** Whether it is an object, as against an array, null and everything else. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The member of that name; undefined if there is none or it is null. As in Go, which wrote these files, upper and lower
 * case do not matter unless there is a member of exactly that name.
 */
export function member(object: JsonObject, name: string): unknown {
  const key = Object.hasOwn(object, name)
    ? name
    : Object.keys(object).find((other) => other.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : (object[key] ?? undefined);
}

/** Reads the members of one object of one file, and says which of them is of the wrong type. */
export class Members {
  readonly #object: JsonObject;
  readonly #file: string;

  constructor(object: JsonObject, file: string) {
    this.#object = object;
    this.#file = file;
  }

  /** @throws ConfigError if the member is there and no string. */
  string(name: string): string | undefined {
    const value = member(this.#object, name);
    return value === undefined || typeof value === "string" ? value : this.#refuse(name, "a string");
  }

  /** @throws ConfigError if the member is there and neither true nor false. */
  boolean(name: string): boolean | undefined {
    const value = member(this.#object, name);
    return value === undefined || typeof value === "boolean" ? value : this.#refuse(name, "true or false");
  }

  /** @throws ConfigError if the member is there and no object. */
  object(name: string): JsonObject | undefined {
    const value = member(this.#object, name);
    return value === undefined || isObject(value) ? value : this.#refuse(name, "an object");
  }

  /** @throws ConfigError if the member is there and not an object of strings. */
  strings(name: string): Readonly<Record<string, string>> {
    const entries = Object.entries(this.object(name) ?? {}).map(([key, value]): [string, string] =>
      typeof value === "string" ? [key, value] : this.#refuse(name, "an object of strings"),
    );
    return Object.fromEntries(entries);
  }

  #refuse(name: string, wanted: string): never {
    throw new ConfigError(`${name} in ${this.#file} must be ${wanted}`, this.#file);
  }
}
