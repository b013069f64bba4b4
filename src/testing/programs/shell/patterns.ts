import type { FileSystem } from "../../files/file-system.ts";

/** Takes the meaning out of what would stand for something else in a pattern. */
export function escapePattern(text: string): string {
  return text.replace(/[*?[\]\\]/g, "\\$&");
}

/** Turns a shell's pattern into the source of a regular expression; `*` and `?` match no slash if `forPaths`. */
export function patternSource(pattern: string, forPaths: boolean): string {
  const any = forPaths ? "[^/]" : "[\\s\\S]";
  return pattern.replace(/\\([\s\S])|\[(!?)(\]?[^\]]*)\]|[*?]|[^\w/]/g, (found, escaped, not, members) => {
    if (escaped !== undefined) return quote(escaped);
    if (members !== undefined) return `[${not ? "^" : ""}${members.replace(/[\\\]]/g, "\\$&")}]`;
    return found === "*" ? `${any}*` : found === "?" ? any : quote(found);
  });
}

/** Whether a whole text matches a pattern. */
export function matches(text: string, pattern: string): boolean {
  return new RegExp(`^(?:${patternSource(pattern, false)})$`).test(text);
}

/** The paths that match a pattern, sorted; none if it has nothing that stands for something else. */
export function findPaths(pattern: string, files: FileSystem, folder: string): string[] {
  if (!/(?<!\\)(?:\\\\)*[*?[]/.test(pattern)) {
    return [];
  }
  let found = [pattern.startsWith("/") ? "/" : ""];
  for (const part of pattern.split("/").filter((each) => each !== "")) {
    found = found.flatMap((above) => within(above, part, files, folder));
  }
  return found.sort();
}

function within(above: string, part: string, files: FileSystem, folder: string): string[] {
  const at = above.startsWith("/") ? above : `${folder}/${above}`;
  const prefix = above === "" || above.endsWith("/") ? above : `${above}/`;
  if (files.stat(at)?.kind !== "folder") {
    return [];
  }
  const expression = new RegExp(`^(?:${patternSource(part, true)})$`);
  return files
    .list(at)
    .filter((name) => expression.test(name) && (!name.startsWith(".") || part.startsWith(".")))
    .map((name) => prefix + name);
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
