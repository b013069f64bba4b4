/** The oldest Engine API version that Fairlead speaks (Docker 19.03). */
export const oldestVersion = "1.40";
/** The newest Engine API version that Fairlead speaks. */
export const newestVersion = "1.56";

/** Compares two versions `major.minor`: negative if `a` is older, 0 if they are the same, positive if `a` is newer. */
export function compareVersions(a: string, b: string): number {
  return a === b ? 0 : rank(a) - rank(b);
}

/** A number that grows with the version. No minor version will reach a thousand. */
function rank(version: string): number {
  const dot = version.indexOf(".");
  return Number(version.slice(0, dot)) * 1000 + Number(version.slice(dot + 1));
}

/** Whether the text has the form of a version, e.g. `1.47`. */
export function isVersion(text: string): boolean {
  return /^\d+\.\d+$/.test(text);
}

/** The newest version that both sides speak, given the engine's newest; undefined if the engine is too old for us. */
export function commonVersion(enginesNewest: string): string | undefined {
  if (compareVersions(enginesNewest, oldestVersion) < 0) {
    return undefined;
  }
  return compareVersions(enginesNewest, newestVersion) < 0 ? enginesNewest : newestVersion;
}
