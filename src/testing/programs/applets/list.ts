import type { PathInfo } from "../../files/file-system.ts";
import { type Applet, AppletError, type AppletRun, attempt, forEachName, pathOf, readOptions } from "./applet.ts";

const typeLetters = {
  file: "-",
  folder: "d",
  link: "l",
  fifo: "p",
  "character-device": "c",
  "block-device": "b",
} as const;

/** Type and permissions, e.g. `drwxr-xr-x`. */
function rightsOf({ kind, mode }: PathInfo): string {
  const triple = (shift: number, special: number, letter: string) => {
    const bits = (mode >> shift) & 7;
    const execute = bits & 1 ? "x" : "-";
    const last = mode & special ? (bits & 1 ? letter : letter.toUpperCase()) : execute;
    return `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${last}`;
  };
  return `${typeLetters[kind]}${triple(6, 0o4000, "s")}${triple(3, 0o2000, "s")}${triple(0, 0o1000, "t")}`;
}

/** `ls [-1aAldRF] PATH...` */
export const ls: Applet = (run) => {
  const options = readOptions(run.args, "1aAldRFhntr");
  const names = options.names.length === 0 ? ["."] : options.names;
  return forEachName(run, names, async (name) => {
    const info = attempt("", name, () => run.files.mustStat(pathOf(run, name)));
    const isListed = info.kind === "folder" && !options.has("d");
    if (names.length > 1 && isListed) await run.stdout.write(`${name}:\n`);
    const entries = isListed ? namesIn(run, name, options.has("a"), options.has("A")) : [name];
    for (const entry of entries) {
      const path = isListed ? `${pathOf(run, name)}/${entry}` : pathOf(run, name);
      await run.stdout.write(options.has("l") || options.has("n") ? longLine(run, path, entry) : `${entry}\n`);
    }
  });
};

function namesIn(run: AppletRun, name: string, all: boolean, most: boolean): string[] {
  const names = run.files.list(pathOf(run, name)).filter((each) => all || most || !each.startsWith("."));
  return all ? [".", "..", ...names] : names;
}

function longLine(run: AppletRun, path: string, name: string): string {
  const info = run.files.mustStat(path, { follow: false });
  const [, day = "", month, , time] = new Date(info.mtimeMs).toUTCString().split(" ");
  const date = `${month} ${day.replace(/^0/, " ")} ${time?.slice(0, 5)}`;
  const owner = [info.uid, info.gid].map((id) => (id === 0 ? "root" : String(id)).padEnd(8)).join(" ");
  const target = info.kind === "link" ? ` -> ${info.target}` : "";
  return `${rightsOf(info)} ${"1".padStart(4)} ${owner} ${String(info.size).padStart(9)} ${date} ${name}${target}\n`;
}

/** `stat [-c FORMAT] PATH...` */
export const stat: Applet = (run) => {
  const options = readOptions(run.args, "c:tL");
  const format = options.get("c") ?? "  File: %N\n  Size: %s\t%F\nAccess: (%04a/%A)  Uid: %u   Gid: %g\nModify: %y";
  return forEachName(run, options.names, async (name) => {
    const info = attempt("can't stat", name, () => run.files.mustStat(pathOf(run, name), { follow: options.has("L") }));
    const text = format.replace(/%(0?\d*)([a-zA-Z%])/g, (_, width, letter) =>
      detail(letter, name, info).padStart(Number(width || 0), "0"),
    );
    await run.stdout.write(`${text}\n`);
  });
};

function detail(letter: string, name: string, info: PathInfo): string {
  const kinds = {
    file: "regular file",
    folder: "directory",
    link: "symbolic link",
    fifo: "fifo",
    "character-device": "character special file",
    "block-device": "block special file",
  } as const;
  const details: Readonly<Record<string, string | number>> = {
    "%": "%",
    a: info.mode.toString(8),
    A: rightsOf(info),
    F: info.kind === "file" && info.size === 0 ? "regular empty file" : kinds[info.kind],
    g: info.gid,
    G: info.gid === 0 ? "root" : "UNKNOWN",
    h: 1,
    i: 1,
    n: name,
    N: info.kind === "link" ? `'${name}' -> '${info.target}'` : name,
    s: info.size,
    u: info.uid,
    U: info.uid === 0 ? "root" : "UNKNOWN",
    y: new Date(info.mtimeMs).toISOString().replace("T", " ").replace("Z", "000000 +0000"),
    Y: Math.floor(info.mtimeMs / 1000),
    X: Math.floor(info.mtimeMs / 1000),
    Z: Math.floor(info.mtimeMs / 1000),
  };
  const found = details[letter];
  if (found === undefined) throw new AppletError(`bad format %${letter}`);
  return String(found);
}
