/** The signals of Linux by their numbers. */
const names = [
  ...["HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM"],
  ...["TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF"],
  ...["WINCH", "IO", "PWR", "SYS"],
];

const harmless = new Set(["CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "WINCH"]);

/** The signals that end a process which does not handle them. */
export const deadlySignals: ReadonlySet<string> = new Set(
  names.filter((name) => !harmless.has(name)).map((name) => `SIG${name}`),
);

/** The number of a signal, e.g. 15 for `SIGTERM`. */
export function numberOf(name: string): number {
  return names.indexOf(name.replace(/^SIG/, "")) + 1;
}

/** Reads a signal as dockerd does: a number, or a name with or without `SIG`; undefined if there is none such. */
export function readSignal(text: string): string | undefined {
  const name = /^\d+$/.test(text) ? names[Number(text) - 1] : text.toUpperCase().replace(/^SIG/, "");
  return name !== undefined && names.includes(name) ? `SIG${name}` : undefined;
}
