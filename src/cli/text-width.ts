/** How many columns of a terminal a text takes: two for wide characters, none for those that join the one before. */
export function textWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) {
    return text.length;
  }
  let width = 0;
  for (const character of text) {
    width += joining.test(character) ? 0 : isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  }
  return width;
}

/** The beginning of a text that fits into so many columns; what was cut off leaves an ellipsis. */
export function fitText(text: string, columns: number): string {
  if (textWidth(text) <= columns) {
    return text;
  }
  let kept = "";
  for (const character of text) {
    if (textWidth(kept + character) > columns - 1) {
      break;
    }
    kept += character;
  }
  return `${kept}…`;
}

/** A text with spaces behind it, so that it takes at least so many columns. */
export function padText(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textWidth(text)));
}

const joining = /^(?:\p{M}|\u200b|\u200c|\u200d|[\ufe00-\ufe0f])$/u;

/** The blocks of full-width characters (Unicode 16, EastAsianWidth.txt: W and F), coarsely. */
const wideRanges = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
] as const;

function isWide(codePoint: number): boolean {
  return wideRanges.some(([first, last]) => codePoint >= first && codePoint <= last);
}
