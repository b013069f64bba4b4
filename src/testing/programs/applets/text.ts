import type { Input } from "../io/input.ts";
import {
  type Applet,
  AppletError,
  type AppletRun,
  attempt,
  forEachName,
  pathOf,
  readOptions,
  readSize,
} from "./applet.ts";

/** Opens a file to read it; `-` is what is piped in. Throws AppletError if it is not there. */
export function openInput(run: AppletRun, name: string): Input {
  return name === "-" ? run.stdin : attempt("can't open", name, () => run.session.open.read(pathOf(run, name)));
}

/** All that comes. */
export async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines) {
    found.push(line);
  }
  return found;
}

/** Does something with each file that was named, or with what is piped in. */
export function forEachInput(
  run: AppletRun,
  names: readonly string[],
  work: (input: Input, name: string) => Promise<void>,
): Promise<number> {
  return forEachName(run, names.length === 0 ? ["-"] : names, (name) => work(openInput(run, name), name));
}

/** All lines of the files that were named. */
export async function* linesOf(run: AppletRun, names: readonly string[]): AsyncGenerator<string, void> {
  for (const name of names.length === 0 ? ["-"] : names) {
    for await (const line of openInput(run, name).lines()) {
      await run.session.pace.step();
      yield line;
    }
  }
}

export const cat: Applet = (run) =>
  forEachInput(run, readOptions(run.args, "u").names, async (input) => {
    for await (const bytes of input) {
      await run.stdout.write(bytes);
    }
  });

/** `head [-n LINES | -c BYTES] FILE...` */
export const head: Applet = (run) => {
  const options = readOptions(
    run.args.map((arg) => arg.replace(/^-(\d+)$/, "-n$1")),
    "n:c:q",
  );
  const bytes = options.get("c");
  const lines = Number(options.get("n") ?? 10);
  return forEachInput(run, options.names, async (input, name) => {
    if (options.names.length > 1 && !options.has("q")) await run.stdout.write(`==> ${name} <==\n`);
    await (bytes === undefined ? firstLines(run, input, lines) : firstBytes(run, input, readSize(bytes)));
  });
};

async function firstLines(run: AppletRun, input: Input, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    const line = await input.readLine();
    if (line === undefined) return;
    await run.stdout.write(line);
  }
}

async function firstBytes(run: AppletRun, input: Input, count: number): Promise<void> {
  for (let left = count; left > 0; ) {
    const bytes = await input.read();
    if (bytes === undefined) return;
    await run.stdout.write(bytes.subarray(0, left));
    input.unread(bytes.subarray(left));
    left -= bytes.length;
  }
}

/** `tail [-n LINES | -c BYTES] [-f] FILE` */
export const tail: Applet = async (run) => {
  const options = readOptions(
    run.args.map((arg) => arg.replace(/^-(\d+)$/, "-n$1")),
    "n:c:fFq",
  );
  const bytes = options.get("c");
  const lines = options.get("n") ?? "10";
  const status = await forEachInput(run, options.names, async (input) => {
    const all = await input.readAll();
    await run.stdout.write(bytes === undefined ? lastLines(all, lines) : all.subarray(-readSize(bytes)));
  });
  const [followed] = options.names;
  if (followed !== undefined && (options.has("f") || options.has("F"))) {
    await follow(run, pathOf(run, followed));
  }
  return status;
};

function lastLines(all: Buffer, count: string): string {
  const lines = all.toString().match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const from = count.startsWith("+") ? Number(count) - 1 : Math.max(0, lines.length - Number(count));
  return lines.slice(from).join("");
}

async function follow(run: AppletRun, path: string): Promise<never> {
  const { clock, ended } = run.session.context;
  for (let shown = run.files.stat(path)?.size ?? 0; ; ) {
    await clock.sleep(1000, ended);
    run.session.pace.check();
    const size = run.files.stat(path)?.size ?? 0;
    if (size !== shown) {
      await run.stdout.write(run.files.readFile(path).subarray(size < shown ? 0 : shown));
      shown = size;
    }
  }
}

/** `wc [-clw] FILE...` */
export const wc: Applet = (run) => {
  const options = readOptions(run.args, "clwm");
  const wanted = ["l", "w", "c"].filter((letter) => options.has(letter) || run.args.every((arg) => !/^-./.test(arg)));
  return forEachInput(run, options.names, async (input, name) => {
    const counts: Record<string, number> = await count(run, input);
    const numbers = wanted.map((letter) => String(counts[letter]));
    const padded = numbers.length > 1 ? numbers.map((number) => number.padStart(9)).join(" ") : numbers[0];
    await run.stdout.write(`${padded}${name === "-" ? "" : ` ${name}`}\n`);
  });
};

async function count(run: AppletRun, input: Input): Promise<{ l: number; w: number; c: number }> {
  const counts = { l: 0, w: 0, c: 0 };
  let inWord = false;
  for await (const bytes of input) {
    await run.session.pace.step();
    counts.c += bytes.length;
    for (const byte of bytes) {
      const isBlank = byte === 32 || (byte >= 9 && byte <= 13);
      counts.l += Number(byte === 10);
      counts.w += Number(!isBlank && !inWord);
      inWord = !isBlank;
    }
  }
  return counts;
}

/** `tr [-d] [-s] SET [SET]` */
export const tr: Applet = async (run) => {
  const options = readOptions(run.args, "ds");
  const [from = "", to = ""] = options.names.map(charactersOf);
  for await (const bytes of run.stdin) {
    const text = [...Buffer.from(bytes).toString("latin1")].map((character) => {
      const at = from.indexOf(character);
      if (at < 0) return character;
      return options.has("d") ? "" : to === "" ? character : (to[Math.min(at, to.length - 1)] ?? "");
    });
    const squeezed = options.has("s")
      ? text.join("").replace(/([\s\S])\1+/g, (run_, one) => (from.includes(one) || to.includes(one) ? one : run_))
      : text.join("");
    await run.stdout.write(Buffer.from(squeezed, "latin1"));
  }
};

function charactersOf(set: string): string {
  const classes: Readonly<Record<string, string>> = {
    upper: "A-Z",
    lower: "a-z",
    digit: "0-9",
    space: " \t\n",
    alpha: "A-Za-z",
    alnum: "A-Za-z0-9",
  };
  return set
    .replace(/\[:(\w+):\]/g, (_, name) => classes[name] ?? "")
    .replace(/\\([nrt\\0])/g, (_, code) => ({ n: "\n", r: "\r", t: "\t", "0": "\0" })[String(code)] ?? "\\")
    .replace(/([\s\S])-([\s\S])/g, (_, first, last) => {
      const [from, to] = [String(first).charCodeAt(0), String(last).charCodeAt(0)];
      return String.fromCharCode(...Array.from({ length: Math.max(0, to - from + 1) }, (__, index) => from + index));
    });
}

/** `sort [-nru] FILE...` */
export const sort: Applet = async (run) => {
  const options = readOptions(run.args, "nrukt:");
  const lines = await collect(linesOf(run, options.names));
  const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  lines.sort(
    (a, b) => (options.has("n") && (Number.parseFloat(a) || 0) - (Number.parseFloat(b) || 0)) || compare(a, b),
  );
  const kept = options.has("u") ? [...new Set(lines)] : lines;
  await run.stdout.write((options.has("r") ? kept.reverse() : kept).map((line) => `${line}\n`).join(""));
};

/** `uniq [-c] FILE` */
export const uniq: Applet = async (run) => {
  const options = readOptions(run.args, "cd");
  let last: string | undefined;
  let times = 0;
  const tell = async () => {
    if (last !== undefined && (times > 1 || !options.has("d"))) {
      await run.stdout.write(`${options.has("c") ? `${String(times).padStart(7)} ` : ""}${last}\n`);
    }
  };
  for await (const line of linesOf(run, options.names)) {
    if (line !== last) {
      await tell();
      times = 0;
    }
    last = line;
    times += 1;
  }
  await tell();
};

/** `cut -d DELIMITER -f LIST`, or `-c LIST` */
export const cut: Applet = async (run) => {
  const options = readOptions(run.args, "d:f:c:b:s");
  const delimiter = options.get("d") ?? "\t";
  const list = options.get("f") ?? options.get("c") ?? options.get("b");
  if (list === undefined) throw new AppletError("expected a list of bytes, characters, or fields");
  const isWanted = rangesOf(list);
  for await (const line of linesOf(run, options.names)) {
    const parts = options.has("f") ? line.split(delimiter) : [...line];
    const chosen = parts.length === 1 && options.has("f") ? parts : parts.filter((_, index) => isWanted(index + 1));
    await run.stdout.write(`${chosen.join(options.has("f") ? delimiter : "")}\n`);
  }
};

function rangesOf(list: string): (index: number) => boolean {
  const ranges = list.split(",").map((range) => {
    const [, first = "", dash, last = ""] = /^(\d*)(-?)(\d*)$/.exec(range) ?? [];
    const from = Number(first || 1);
    return { from, to: dash === "" ? from : Number(last || Number.POSITIVE_INFINITY) };
  });
  return (index) => ranges.some(({ from, to }) => index >= from && index <= to);
}

/** `tee [-a] FILE...` */
export const tee: Applet = async (run) => {
  const options = readOptions(run.args, "a");
  const outputs = options.names.map((name) =>
    attempt("can't open", name, () => run.session.open.write(pathOf(run, name), options.has("a"))),
  );
  for await (const bytes of run.stdin) {
    for (const output of [run.stdout, ...outputs]) {
      await output.write(bytes);
    }
  }
};
