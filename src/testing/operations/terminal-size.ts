import { Refusal } from "../http/refusal.ts";

/** How large a terminal is to be, in characters. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Reads the parameters of a request that resizes a terminal.
 *
 * @throws Refusal if one is missing.
 */
export function terminalSize({ h, w }: Readonly<Record<string, unknown>>): TerminalSize {
  for (const [side, characters] of Object.entries({ height: h, width: w })) {
    if (typeof characters !== "number") {
      throw new Refusal(400, `invalid resize ${side} "": invalid syntax`);
    }
  }
  return { rows: Number(h), columns: Number(w) };
}
