import { printable } from "./printable.ts";
import { padText, textWidth } from "./text-width.ts";

/** What stands between two columns at least, and how wide a column is at least with it; as the docker CLI has it. */
const gap = 3;
const minWidth = 10;

/** Rows under a header, in columns, without spaces at the ends of lines. Every line ends with a line feed. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows].map((row) => row.map((cell) => printable(cell).replaceAll("\n", " ")));
  const widths = header.map((_, column) =>
    Math.max(minWidth, ...lines.map((line) => textWidth(line[column] ?? "") + gap)),
  );
  return lines.map((line) => `${formatLine(line, widths)}\n`).join("");
}

function formatLine(line: readonly string[], widths: readonly number[]): string {
  return line
    .map((cell, column) => padText(cell, widths[column] ?? 0))
    .join("")
    .trimEnd();
}
