import { Refusal } from "../http/refusal.ts";

const defaultKeys = "ctrl-p,ctrl-q";

/**
 * Reads detach keys such as `ctrl-p,ctrl-q`.
 *
 * @returns the bytes of the keys
 * @throws Refusal if they are none.
 */
export function readDetachKeys(text: string): readonly number[] {
  return (text || defaultKeys).split(",").map((key) => {
    const [, control] = /^ctrl-([a-z@[\\\]^_])$/.exec(key) ?? [];
    if (control !== undefined) {
      return control.toUpperCase().charCodeAt(0) - 64;
    }
    if (key.length !== 1) {
      throw new Refusal(400, `Invalid detach keys (${text}) provided`);
    }
    return key.charCodeAt(0);
  });
}

/** What is typed, without the detach keys; it ends when they were typed. */
export async function* untilDetached(
  input: AsyncIterable<Uint8Array>,
  keys: readonly number[],
  detached: () => void,
): AsyncGenerator<Uint8Array> {
  let typed = 0;
  for await (const bytes of input) {
    const passed: number[] = [];
    for (const byte of bytes) {
      if (byte === keys[typed]) {
        typed += 1;
        if (typed === keys.length) {
          yield Uint8Array.from(passed);
          detached();
          return;
        }
      } else {
        passed.push(...keys.slice(0, typed), byte);
        typed = 0;
      }
    }
    if (passed.length > 0) {
      yield Uint8Array.from(passed);
    }
  }
}
