/** The values of variables by their names. */
export type Variables = Readonly<Record<string, string>>;

const part = /\\([\s\S])|'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|[^\\'"]+|[\s\S]/g;
const reference = /\\(["$\\])|\$(\w+)|\$\{(\w+)(?::([-+])((?:[^{}]|\{[^{}]*\})*))?\}/g;

/**
 * Puts the values of variables into a word of a Dockerfile, and takes its quotes away: `$x`, `${x}`, `${x:-else}` and
 * `${x:+then}`. What is in single quotes stays as it is.
 */
export function expand(word: string, variables: Variables): string {
  return word.replace(part, (text, escaped, single, double) => escaped ?? single ?? refer(double ?? text, variables));
}

function refer(text: string, variables: Variables): string {
  return text.replace(reference, (_, escaped, bare, braced, operator, alternative = "") => {
    if (escaped !== undefined) return escaped;
    const value = variables[bare ?? braced] ?? "";
    if (operator === "-") return value === "" ? expand(alternative, variables) : value;
    if (operator === "+") return value === "" ? "" : expand(alternative, variables);
    return value;
  });
}
