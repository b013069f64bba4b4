/** Control characters but for the line feed, and the characters that turn the direction of writing around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text from an engine without anything that a terminal would obey instead of showing it. */
export function printable(text: string): string {
  return text.replace(unprintable, "");
}
