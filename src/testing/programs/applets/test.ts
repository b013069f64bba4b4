import { type Applet, AppletError, type AppletRun, pathOf } from "./applet.ts";

type Unary = (value: string, run: AppletRun) => boolean;

const infoOf = (value: string, run: AppletRun, follow = true) => run.files.stat(pathOf(run, value), { follow });

const unary: Readonly<Record<string, Unary>> = {
  "-n": (value) => value !== "",
  "-z": (value) => value === "",
  "-e": (value, run) => infoOf(value, run) !== undefined,
  "-f": (value, run) => infoOf(value, run)?.kind === "file",
  "-d": (value, run) => infoOf(value, run)?.kind === "folder",
  "-L": (value, run) => infoOf(value, run, false)?.kind === "link",
  "-h": (value, run) => infoOf(value, run, false)?.kind === "link",
  "-p": (value, run) => infoOf(value, run)?.kind === "fifo",
  "-c": (value, run) => infoOf(value, run)?.kind === "character-device",
  "-b": (value, run) => infoOf(value, run)?.kind === "block-device",
  "-s": (value, run) => (infoOf(value, run)?.size ?? 0) > 0,
  "-r": (value, run) => infoOf(value, run) !== undefined,
  "-w": (value, run) => infoOf(value, run) !== undefined,
  "-x": (value, run) => ((infoOf(value, run)?.mode ?? 0) & 0o111) !== 0,
  "-t": (_, run) => run.session.context.tty,
};

const timeOf = (value: string, run: AppletRun) => infoOf(value, run)?.mtimeMs ?? Number.NEGATIVE_INFINITY;

const binary: Readonly<Record<string, (a: string, b: string, run: AppletRun) => boolean>> = {
  "=": (a, b) => a === b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "-eq": (a, b) => toNumber(a) === toNumber(b),
  "-ne": (a, b) => toNumber(a) !== toNumber(b),
  "-lt": (a, b) => toNumber(a) < toNumber(b),
  "-le": (a, b) => toNumber(a) <= toNumber(b),
  "-gt": (a, b) => toNumber(a) > toNumber(b),
  "-ge": (a, b) => toNumber(a) >= toNumber(b),
  "-nt": (a, b, run) => timeOf(a, run) > timeOf(b, run),
  "-ot": (a, b, run) => timeOf(a, run) < timeOf(b, run),
};

/** `test EXPRESSION`, and `[ EXPRESSION ]`. */
export const test: Applet = (run) => {
  const args = [...run.args];
  if (run.name === "[" && args.pop() !== "]") {
    throw new AppletError("missing ]", 2);
  }
  if (args.length === 0) {
    return 1;
  }
  const isTrue = either(args, run);
  if (args.length > 0) {
    throw new AppletError(`${args[0]}: unknown operand`, 2);
  }
  return Number(!isTrue);
};

function either(args: string[], run: AppletRun): boolean {
  let value = both(args, run);
  while (args[0] === "-o") {
    args.shift();
    value = both(args, run) || value;
  }
  return value;
}

function both(args: string[], run: AppletRun): boolean {
  let value = one(args, run);
  while (args[0] === "-a") {
    args.shift();
    value = one(args, run) && value;
  }
  return value;
}

function one(args: string[], run: AppletRun): boolean {
  const compare = args.length >= 3 ? binary[args[1] ?? ""] : undefined;
  if (compare !== undefined) {
    const [a = "", , b = ""] = args.splice(0, 3);
    return compare(a, b, run);
  }
  const first = args.shift() ?? "";
  if (first === "!" && args.length > 0) {
    return !one(args, run);
  }
  if (first === "(" && args.length > 0) {
    const value = either(args, run);
    if (args.shift() !== ")") throw new AppletError("closing paren expected", 2);
    return value;
  }
  const check = args.length > 0 ? unary[first] : undefined;
  return check === undefined ? first !== "" : check(args.shift() ?? "", run);
}

function toNumber(text: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) {
    throw new AppletError(`${text}: bad number`, 2);
  }
  return Number(text);
}
