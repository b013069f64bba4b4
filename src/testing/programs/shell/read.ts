import type { Shell } from "./shell.ts";

/** `read`: takes a line, and gives its fields to variables; fails at the end of what there is. */
export async function readIntoVariables(shell: Shell, args: readonly string[]): Promise<number> {
  const rest = [...args];
  let isRaw = false;
  for (; /^-./.test(rest[0] ?? ""); rest.shift()) {
    isRaw ||= (rest[0] ?? "").includes("r");
    if (/[pt]$/.test(rest[0] ?? "")) {
      rest.shift();
    }
  }
  const names = rest.length === 0 ? ["REPLY"] : rest;
  const { line, isWhole } = await readLine(shell, isRaw);
  for (const [name, value] of fieldsOf(line, names, shell.variables.get("IFS") ?? " \t\n")) {
    shell.assign(name, value);
  }
  return isWhole ? 0 : 1;
}

async function readLine(shell: Shell, isRaw: boolean): Promise<{ line: string; isWhole: boolean }> {
  let text = "";
  for (;;) {
    const bytes = await shell.streams.stdin.readLine();
    shell.session.pace.check();
    text += Buffer.from(bytes ?? []).toString();
    const isWhole = text.endsWith("\n");
    if (!isRaw && /(?<!\\)(?:\\\\)*\\\n$/.test(text)) {
      text = text.slice(0, -2);
      continue;
    }
    const line = text.replace(/\n$/, "");
    return { line: isRaw ? line : line.replace(/\\(.)/g, "$1"), isWhole };
  }
}

/** The last name gets all that is left. */
function fieldsOf(line: string, names: readonly string[], separators: string): [string, string][] {
  const quoted = separators.replace(/[\\\]^-]/g, "\\$&");
  const blanks = [...separators].filter((each) => /\s/.test(each)).join("");
  const trim = (text: string) =>
    blanks === "" ? text : text.replace(new RegExp(`^[${blanks}]+|[${blanks}]+$`, "g"), "");
  let rest = trim(line);
  return names.map((name, index) => {
    if (index === names.length - 1 || separators === "") {
      const value = rest;
      rest = "";
      return [name, value];
    }
    const [found, value = ""] = new RegExp(`^([^${quoted}]*)(?:[${blanks}]*[${quoted}]?[${blanks}]*)`).exec(rest) ?? [
      "",
    ];
    rest = rest.slice(found.length);
    return [name, value];
  });
}
