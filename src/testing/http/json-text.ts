/** Writes JSON as dockerd does, with a line's end; a bigint becomes an integer with all its digits. */
export function jsonText(value: unknown): string {
  let hasBigints = false;
  const text = JSON.stringify(value, (_, member) => {
    if (typeof member !== "bigint") {
      return member;
    }
    hasBigints = true;
    return `${mark}${member}`;
  });
  return `${hasBigints ? text.replace(marked, "$1") : text}\n`;
}

/** No text of an engine's holds this private character of Unicode. */
const mark = "\uf8ff";
const marked = new RegExp(`"${mark}(-?\\d+)"`, "g");
