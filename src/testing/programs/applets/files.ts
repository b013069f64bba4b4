import type { FileSystem, PathInfo } from "../../files/file-system.ts";
import { type Applet, AppletError, type AppletRun, attempt, forEachName, pathOf, readOptions } from "./applet.ts";
import { findId } from "./users.ts";

/** `mkdir [-p] [-m MODE] FOLDER...` */
export const mkdir: Applet = (run) => {
  const options = readOptions(run.args, "pm:", { longer: { parents: "p", mode: "m" } });
  const mode = Number.parseInt(options.get("m") ?? "755", 8);
  return forEachName(run, options.names, (name) =>
    attempt("can't create directory", name, () =>
      run.files.mkdir(pathOf(run, name), { recursive: options.has("p"), mode }),
    ),
  );
};

export const rmdir: Applet = (run) =>
  forEachName(run, readOptions(run.args, "p").names, (name) =>
    attempt("", name, () => {
      if (run.files.list(pathOf(run, name)).length > 0) throw new AppletError(`'${name}': Directory not empty`);
      run.files.remove(pathOf(run, name), { recursive: true });
    }),
  );

/** `rm [-rf] PATH...` */
export const rm: Applet = (run) => {
  const options = readOptions(run.args, "rRfi");
  return forEachName(run, options.names, (name) => {
    const path = pathOf(run, name);
    if (options.has("f") && run.files.stat(path, { follow: false }) === undefined) return;
    attempt("can't remove", name, () => run.files.remove(path, { recursive: options.has("r") || options.has("R") }));
  });
};

/** Where something comes to lie that is copied, moved or linked: within a folder under its own name. */
function placeOf(run: AppletRun, source: string, target: string): string {
  const path = pathOf(run, target);
  const base = source.replace(/\/+$/, "").split("/").at(-1);
  return run.files.stat(path)?.kind === "folder" ? `${path.replace(/\/$/, "")}/${base}` : path;
}

function sourcesAndTarget(names: readonly string[]): { sources: readonly string[]; target: string } {
  const target = names.at(-1);
  if (target === undefined || names.length < 2) {
    throw new AppletError("missing operand");
  }
  return { sources: names.slice(0, -1), target };
}

/** `ln [-s] [-f] TARGET... LINK` */
export const ln: Applet = (run) => {
  const options = readOptions(run.args, "sfn");
  const { sources, target } = sourcesAndTarget(options.names.length === 1 ? [...options.names, "."] : options.names);
  return forEachName(run, sources, (source) => {
    const path = placeOf(run, source, target);
    attempt("", target, () => {
      if (options.has("f") && run.files.stat(path, { follow: false })) run.files.remove(path);
      if (options.has("s")) run.files.symlink(source, path);
      else run.files.link(pathOf(run, source), path);
    });
  });
};

/** `cp [-rafpRd] SOURCE... TARGET` */
export const cp: Applet = (run) => {
  const options = readOptions(run.args, "rRafpdL");
  const deep = ["r", "R", "a"].some((letter) => options.has(letter));
  const { sources, target } = sourcesAndTarget(options.names);
  return forEachName(run, sources, (source) => {
    const from = pathOf(run, source);
    const info = attempt("can't stat", source, () => run.files.mustStat(from, { follow: !deep }));
    if (info.kind === "folder" && !deep) throw new AppletError(`omitting directory '${source}'`);
    const to = placeOf(run, source.replace(/\/\.$/, ""), target);
    const place = source.endsWith("/.") ? pathOf(run, target) : to;
    attempt("can't create", target, () => copy(run.files, from, place, info, options.has("p") || options.has("a")));
  });
};

function copy(files: FileSystem, from: string, to: string, info: PathInfo, keeps: boolean): void {
  if (info.kind === "link") {
    files.symlink(info.target, to);
  } else if (info.kind === "folder") {
    files.mkdir(to, { recursive: true, mode: info.mode });
    for (const name of files.list(from)) {
      const child = files.mustStat(`${from}/${name}`, { follow: false });
      copy(files, `${from}/${name}`, `${to}/${name}`, child, keeps);
    }
  } else {
    files.writeFile(to, files.readFile(from), { mode: info.mode });
  }
  if (keeps) {
    files.change(to, { mode: info.mode, uid: info.uid, gid: info.gid, mtimeMs: info.mtimeMs }, { follow: false });
  }
}

export const mv: Applet = (run) => {
  const { sources, target } = sourcesAndTarget(readOptions(run.args, "fn").names);
  return forEachName(run, sources, (source) =>
    attempt("can't rename", source, () => run.files.rename(pathOf(run, source), placeOf(run, source, target))),
  );
};

/** `touch [-c] [-d TIME] FILE...` */
export const touch: Applet = (run) => {
  const options = readOptions(run.args, "cd:t:amh");
  const time = options.get("d");
  const mtimeMs = time === undefined ? run.session.context.clock.now() : timeOf(time);
  return forEachName(run, options.names, (name) =>
    attempt("", name, () => {
      const path = pathOf(run, name);
      if (run.files.stat(path) === undefined) {
        if (options.has("c")) return;
        run.files.writeFile(path, "");
      }
      run.files.change(path, { mtimeMs });
    }),
  );
};

/** `2026-01-02 03:04:05`, or seconds since 1970 behind an `@`. */
function timeOf(text: string): number {
  const ms = text.startsWith("@") ? Number(text.slice(1)) * 1000 : Date.parse(`${text.replace(" ", "T")}Z`);
  if (Number.isNaN(ms)) {
    throw new AppletError(`invalid date '${text}'`);
  }
  return ms;
}

/** Does something with each path, and with all below it if `-R` was given. */
function changeEach(
  run: AppletRun,
  names: readonly string[],
  deep: boolean,
  change: (path: string, info: PathInfo) => void,
): Promise<number> {
  const visit = (path: string) => {
    const info = run.files.mustStat(path, { follow: !deep });
    if (info.kind !== "link" || !deep) change(path, info);
    if (deep && info.kind === "folder") {
      for (const name of run.files.list(path)) visit(`${path === "/" ? "" : path}/${name}`);
    }
  };
  return forEachName(run, names, (name) => attempt("", name, () => visit(pathOf(run, name))));
}

/** `chmod [-R] MODE PATH...` */
export const chmod: Applet = (run) => {
  const [first = "", ...others] = run.args;
  const deep = first === "-R";
  const [mode = "", ...names] = deep ? others : run.args;
  return changeEach(run, names, deep, (path, info) => run.files.change(path, { mode: modeOf(mode, info.mode) }));
};

function modeOf(text: string, before: number): number {
  if (/^[0-7]+$/.test(text)) {
    return Number.parseInt(text, 8);
  }
  let mode = before;
  for (const clause of text.split(",")) {
    const [, who = "", operator = "", rights = ""] = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause) ?? [];
    if (operator === "") throw new AppletError(`invalid mode '${text}'`);
    const bits = bitsOf(who, rights);
    if (operator === "=") mode &= ~bitsOf(who, "rwx");
    mode = operator === "-" ? mode & ~bits : mode | bits;
  }
  return mode;
}

function bitsOf(who: string, rights: string): number {
  const each = (rights.includes("r") ? 4 : 0) | (rights.includes("w") ? 2 : 0) | (/[xX]/.test(rights) ? 1 : 0);
  const all = who === "" || who.includes("a");
  let bits = rights.includes("t") ? 0o1000 : 0;
  if (all || who.includes("u")) bits |= (each << 6) | (rights.includes("s") ? 0o4000 : 0);
  if (all || who.includes("g")) bits |= (each << 3) | (rights.includes("s") ? 0o2000 : 0);
  return all || who.includes("o") ? bits | each : bits;
}

/** `chown [-R] USER[:GROUP] PATH...` */
export const chown: Applet = (run) => {
  const [first = "", ...others] = run.args;
  const deep = first === "-R";
  const [owner = "", ...names] = deep ? others : run.args;
  const [user = "", group] = owner.split(":");
  const numbers = {
    ...(user === "" ? {} : { uid: idOf(run, "/etc/passwd", user) }),
    ...(group === undefined ? {} : { gid: idOf(run, "/etc/group", group) }),
  };
  return changeEach(run, names, deep, (path) => run.files.change(path, numbers));
};

function idOf(run: AppletRun, file: "/etc/passwd" | "/etc/group", name: string): number {
  const id = findId(run.files, file, name);
  if (id === undefined) throw new AppletError(`unknown user ${name}`);
  return id;
}

export const mkfifo: Applet = (run) =>
  forEachName(run, readOptions(run.args, "m:").names, (name) =>
    attempt("", name, () => {
      const mtimeMs = run.session.context.clock.now();
      if (run.files.stat(pathOf(run, name))) throw new AppletError(`${name}: File exists`);
      run.files.put(pathOf(run, name), { kind: "fifo", meta: { mode: 0o644, uid: 0, gid: 0, mtimeMs } });
    }),
  );

/** `readlink [-f] PATH`, and `realpath PATH` */
export const readlink: Applet = async (run) => {
  const options = readOptions(run.args, "fn");
  const [name = ""] = options.names;
  const isReal = options.has("f") || run.name === "realpath";
  const info = run.files.stat(pathOf(run, name), { follow: isReal });
  if (info === undefined || (!isReal && info.kind !== "link")) return 1;
  await run.stdout.write(`${isReal ? info.path : info.target}\n`);
  return 0;
};
