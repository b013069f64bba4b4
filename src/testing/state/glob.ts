/** Makes of a pattern as Go's `path.Match` has it (`*`, `?`, `[a-z]`, `\\x`) an expression for a whole text. */
export function globPattern(pattern: string): RegExp {
  const parts = pattern.match(/\\.|\[\^?(?:\\.|[^\]\\])+\]|[\s\S]/gu) ?? [];
  return new RegExp(`^${parts.map(expressionOf).join("")}$`, "u");
}

/** Whether a text is a pattern at all. */
export function isGlob(text: string): boolean {
  return /[*?[\\]/.test(text);
}

function expressionOf(part: string): string {
  if (part === "*") return "[^/]*";
  if (part === "?") return "[^/]";
  if (part.length > 2 && part.startsWith("[")) return part;
  return (part.length === 2 && part.startsWith("\\") ? part.slice(1) : part).replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&");
}
