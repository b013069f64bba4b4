import type { ContainerTopResponse } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";
import type { Container } from "../state/container.ts";
import { isUnderWay } from "../state/exec.ts";

interface Row {
  readonly pid: number;
  readonly command: readonly string[];
}

/** The columns of `ps`, by the names that `-o` knows. */
const columns: Readonly<Record<string, { readonly title: string; readonly of: (row: Row) => string }>> = {
  user: { title: "USER", of: () => "root" },
  uid: { title: "UID", of: () => "0" },
  pid: { title: "PID", of: ({ pid }) => String(pid) },
  ppid: { title: "PPID", of: () => "1" },
  time: { title: "TIME", of: () => "00:00:00" },
  tty: { title: "TTY", of: () => "?" },
  comm: { title: "COMMAND", of: ({ command }) => command[0]?.split("/").at(-1) ?? "" },
  cmd: { title: "CMD", of: ({ command }) => command.join(" ") },
  args: { title: "COMMAND", of: ({ command }) => command.join(" ") },
};

const full = [
  { title: "UID", of: () => "root" },
  ...["pid", "ppid"].flatMap((name) => columns[name] ?? []),
  { title: "C", of: () => "0" },
  { title: "STIME", of: () => "00:00" },
  ...["tty", "time", "cmd"].flatMap((name) => columns[name] ?? []),
];

/**
 * The processes of a container as `ps` lists them.
 *
 * @throws Refusal if `ps` would not understand its arguments, or lists no process ids.
 */
export function processesOf(container: Container, psArgs: string): ContainerTopResponse {
  const chosen = columnsOf(psArgs);
  if (!chosen.some(({ title }) => title === "PID")) {
    throw new Refusal(500, "Couldn't find PID field in ps output");
  }
  const execs = container.execs.filter(isUnderWay);
  const rows: Row[] = [
    { pid: container.pid, command: container.process?.spec.cmd ?? [] },
    ...execs.map(({ pid, process }) => ({ pid, command: process?.spec.cmd ?? [] })),
  ];
  return { Titles: chosen.map(({ title }) => title), Processes: rows.map((row) => chosen.map(({ of }) => of(row))) };
}

function columnsOf(psArgs: string): typeof full {
  const [, list] = /^-?o\s*(\S+)$/.exec(psArgs) ?? [];
  if (list !== undefined) {
    return list.split(",").map((name) => columns[name] ?? refuse(psArgs));
  }
  if (/^-?(e?f|ef|aux|ax|e)$/.test(psArgs)) {
    return full;
  }
  return refuse(psArgs);
}

function refuse(psArgs: string): never {
  throw new Refusal(500, `ps: error: unsupported option ${JSON.stringify(psArgs)}`);
}
