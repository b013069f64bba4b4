import { AppletError } from "./applet.ts";

/** Turns a basic regular expression into one of JavaScript's. */
export function expressionOf(text: string, isExtended: boolean, flags: string): RegExp {
  const classes: Readonly<Record<string, string>> = {
    space: "\\s",
    digit: "\\d",
    alpha: "a-zA-Z",
    alnum: "a-zA-Z0-9",
    upper: "A-Z",
    lower: "a-z",
  };
  const named = text.replace(/\[:(\w+):\]/g, (_, name) => classes[name] ?? "");
  const source = isExtended
    ? named
    : named.replace(/\\([(){}|+?])|([(){}|+?])/g, (_, escaped, plain) => escaped ?? `\\${plain}`);
  try {
    return new RegExp(source, flags);
  } catch {
    throw new AppletError(`bad regex '${text}'`, 2);
  }
}
