import { findCommand } from "../commands.ts";
import { numberOf, readSignal } from "../signals.ts";
import { type Applet, AppletError, readOptions } from "./applet.ts";
import { idsOf } from "./users.ts";

/** `sleep TIME...`, in seconds unless `m`, `h` or `d` stands behind a number. */
export const sleep: Applet = async ({ args, session }) => {
  const units: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };
  let seconds = 0;
  for (const arg of args) {
    const [, number, unit = ""] = /^(\d*\.?\d+)([smhd]?)$/.exec(arg) ?? [];
    if (number === undefined && arg !== "infinity") throw new AppletError(`invalid number '${arg}'`);
    seconds += number === undefined ? 1e12 : Number(number) * (units[unit] ?? 1);
  }
  await session.context.clock.sleep(seconds * 1000, session.pace.ended);
  session.pace.check();
};

/** `seq [FIRST [STEP]] LAST` */
export const seq: Applet = async ({ args, stdout }) => {
  const numbers = args.map(Number);
  const [first = 1, step = 1, last = 1] =
    numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers;
  if (numbers.length === 0 || numbers.some(Number.isNaN) || step === 0) throw new AppletError("invalid number");
  let text = "";
  for (let number = first; step > 0 ? number <= last : number >= last; number += step) {
    text += `${number}\n`;
    if (text.length > 32_768) {
      await stdout.write(text);
      text = "";
    }
  }
  await stdout.write(text);
};

export const yes: Applet = async ({ args, stdout, session }) => {
  const text = `${args.length === 0 ? "y" : args.join(" ")}\n`.repeat(1024);
  for (;;) {
    await session.pace.step();
    await stdout.write(text);
  }
};

/** `env [-i] [NAME=VALUE...] [COMMAND ARGUMENT...]` */
export const env: Applet = async (run) => {
  const { names, has, all } = readOptions(run.args, "iu:", { stopEarly: true });
  const env = has("i") ? new Map<string, string>() : new Map(run.env);
  for (const name of all("u")) env.delete(name);
  const cmd = [...names];
  for (let at = cmd[0]?.indexOf("=") ?? -1; at > 0; at = cmd[0]?.indexOf("=") ?? -1) {
    const entry = cmd.shift() ?? "";
    env.set(entry.slice(0, at), entry.slice(at + 1));
  }
  if (cmd.length > 0) {
    return run.run({ ...run, cmd, env });
  }
  await run.stdout.write([...env].map(([name, value]) => `${name}=${value}\n`).join(""));
  return 0;
};

/** `printenv [NAME...]` */
export const printenv: Applet = async ({ args, env, stdout }) => {
  const [name] = args;
  const value = name === undefined ? undefined : env.get(name);
  if (name !== undefined && value === undefined) return 1;
  await stdout.write(value === undefined ? [...env].map((entry) => `${entry.join("=")}\n`).join("") : `${value}\n`);
  return 0;
};

/** `date [-u] [-d @SECONDS] [+FORMAT]` */
export const date: Applet = async ({ args, session, stdout }) => {
  const options = readOptions(args, "ud:I");
  const asked = options.get("d");
  const moment = new Date(asked === undefined ? session.context.clock.now() : dateOf(asked));
  const [day = "", number = "", month = "", year = "", time = ""] = moment.toUTCString().replace(",", "").split(" ");
  const iso = moment.toISOString();
  const parts: Readonly<Record<string, string>> = {
    ...{ Y: year, m: iso.slice(5, 7), d: number, H: time.slice(0, 2), M: time.slice(3, 5), S: time.slice(6) },
    ...{ s: String(Math.floor(moment.getTime() / 1000)), N: `${iso.slice(20, 23)}000000`, n: "\n", "%": "%" },
    ...{ F: iso.slice(0, 10), T: time, a: day, b: month, Z: "UTC", z: "+0000", y: year.slice(2) },
  };
  const format = options.names[0]?.replace(/^\+/, "") ?? (options.has("I") ? "%F" : "%a %b %d %T UTC %Y");
  await stdout.write(`${format.replace(/%([a-zA-Z%])/g, (text, letter) => parts[letter] ?? text)}\n`);
};

function dateOf(text: string): number {
  const ms = text.startsWith("@") ? Number(text.slice(1)) * 1000 : Date.parse(`${text.replace(" ", "T")}Z`);
  if (Number.isNaN(ms)) throw new AppletError(`invalid date '${text}'`);
  return ms;
}

/** `id [-u | -g | -n]` */
export const id: Applet = async (run) => {
  const options = readOptions(run.args, "ugnG");
  const { uid, gid, name } = userOf(run);
  if (options.has("n")) await run.stdout.write(`${name}\n`);
  else if (options.has("u")) await run.stdout.write(`${uid}\n`);
  else if (options.has("g") || options.has("G")) await run.stdout.write(`${gid}\n`);
  else await run.stdout.write(`uid=${uid}(${name}) gid=${gid}(${gid === 0 ? "root" : name}) groups=${gid}\n`);
};

export const whoami: Applet = (run) => run.stdout.write(`${userOf(run).name}\n`);

function userOf({ files, session }: Parameters<Applet>[0]): { uid: number; gid: number; name: string } {
  const user = session.context.user || "root";
  const [name = ""] = user.split(":");
  const ids = idsOf(files, user);
  return { ...ids, name: name === "0" ? "root" : name };
}

export const hostname: Applet = ({ session, stdout }) => stdout.write(`${session.context.hostname}\n`);

/** `uname [-asnrvm]` */
export const uname: Applet = async ({ args, session, stdout }) => {
  const { has } = readOptions(args, "asnrvmo");
  const parts = [
    ["s", "Linux"],
    ["n", session.context.hostname],
    ["r", "fairlead"],
    ["v", "#1"],
    ["m", "x86_64"],
    ["o", "GNU/Linux"],
  ] as const;
  const chosen = parts.filter(([letter]) => has(letter) || has("a") || (args.length === 0 && letter === "s"));
  await stdout.write(`${chosen.map(([, text]) => text).join(" ")}\n`);
};

export const pwd: Applet = ({ folder, stdout }) => stdout.write(`${folder}\n`);
export const nproc: Applet = ({ stdout }) => stdout.write("1\n");

/** `tty` */
export const tty: Applet = async ({ session, stdout }) => {
  await stdout.write(session.context.tty ? "/dev/pts/0\n" : "not a tty\n");
  return Number(!session.context.tty);
};

/** `stty`: shows the size, and changes how the terminal treats what is typed. */
export const stty: Applet = async ({ args, session, stdout }) => {
  const { terminal } = session.context;
  if (terminal === undefined) throw new AppletError("standard input: Not a tty");
  for (const arg of args) {
    const isOn = !arg.startsWith("-");
    if (arg === "size") await stdout.write(`${terminal.size.rows} ${terminal.size.columns}\n`);
    else if (arg === "raw") Object.assign(terminal, { canonical: false, onlcr: false });
    else if (arg === "sane") Object.assign(terminal, { canonical: true, onlcr: true, echo: true });
    else if (arg.endsWith("echo")) terminal.echo = isOn;
    else if (arg.endsWith("icanon")) terminal.canonical = isOn;
    else if (arg.endsWith("onlcr")) terminal.onlcr = isOn;
  }
};

export const basename: Applet = ({ args, stdout }) => {
  const name = (args[0] ?? "").replace(/(.)\/+$/, "$1").replace(/^.*\/(?=.)/, "");
  const suffix = args[1] ?? "";
  return stdout.write(`${suffix !== "" && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`);
};

export const dirname: Applet = ({ args, stdout }) => {
  const [, folder] = /^(.*?)\/+[^/]*\/*$/.exec(args[0] ?? "") ?? [];
  return stdout.write(`${folder === undefined ? "." : folder === "" ? "/" : folder}\n`);
};

/** `which NAME...` */
export const which: Applet = async ({ args, files, env, folder, stdout }) => {
  let status = 0;
  for (const name of args) {
    const found = findCommand(files, name, env.get("PATH") ?? "", folder);
    if ("path" in found) await stdout.write(`${found.path}\n`);
    else status = 1;
  }
  return status;
};

/** `xargs [-0] [-n COUNT] [COMMAND ARGUMENT...]` */
export const xargs: Applet = async (run) => {
  const options = readOptions(run.args, "0n:rI:", { stopEarly: true });
  const text = (await run.stdin.readAll()).toString();
  const items = text.split(options.has("0") ? "\0" : /\s+/).filter((item) => item !== "");
  const placeholder = options.get("I");
  const size = placeholder === undefined ? Number(options.get("n") ?? Math.max(1, items.length)) : 1;
  const command = options.names.length === 0 ? ["echo"] : options.names;
  let status = 0;
  for (let at = 0; at < items.length || (at === 0 && !options.has("r")); at += size) {
    const some = items.slice(at, at + size);
    const cmd =
      placeholder === undefined
        ? [...command, ...some]
        : command.map((word) => word.replaceAll(placeholder, some[0] ?? ""));
    status = (await run.run({ ...run, cmd })) === 0 ? status : 123;
  }
  return status;
};

/** `timeout [-s SIGNAL] SECONDS COMMAND ARGUMENT...` */
export const timeout: Applet = async (run) => {
  const options = readOptions(run.args, "s:k:", { stopEarly: true });
  const [limit = "", ...cmd] = options.names;
  const signal = readSignal(options.get("s") ?? "TERM") ?? "SIGTERM";
  const { jobs, context, pace } = run.session;
  const job = run.session.startJob((session) => run.run({ ...run, cmd }, session));
  const ended = new AbortController();
  const status = job.done.finally(() => ended.abort());
  await context.clock.sleep(Number.parseFloat(limit) * 1000, AbortSignal.any([ended.signal, pace.ended]));
  const isLate = !ended.signal.aborted;
  job.kill(signal);
  jobs.delete(job.pid);
  const code = await status;
  pace.check();
  return isLate ? (signal === "SIGKILL" ? 128 + numberOf(signal) : 143) : code;
};

/** `ps`: only the first process is known. */
export const ps: Applet = ({ session, stdout }) =>
  stdout.write(`PID   USER     TIME  COMMAND\n    1 root      0:00 ${session.context.cmd.join(" ")}\n`);
