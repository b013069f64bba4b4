import { matches } from "../shell/patterns.ts";
import { type Applet, AppletError, type AppletRun, forEachName, pathOf } from "./applet.ts";

/** `find PATH... [-name PATTERN] [-type f|d|l] [-maxdepth N] [-print0] [-delete]` */
export const find: Applet = async (run) => {
  const first = run.args.findIndex((arg) => arg.startsWith("-"));
  const places = first < 0 ? run.args : run.args.slice(0, first);
  const tests = new Map<string, string>();
  const rest = first < 0 ? [] : run.args.slice(first);
  for (let test = rest.shift(); test !== undefined; test = rest.shift()) {
    if (!["-name", "-type", "-maxdepth", "-mindepth", "-print", "-print0", "-delete"].includes(test)) {
      throw new AppletError(`unrecognized: ${test}`);
    }
    tests.set(test, /^-(?:print0?|delete)$/.test(test) ? "" : (rest.shift() ?? ""));
  }
  return forEachName(run, places.length === 0 ? ["."] : places, async (place) => {
    if (run.files.stat(pathOf(run, place)) === undefined) throw new AppletError(`${place}: No such file or directory`);
    await walk(run, place, 0, tests);
  });
};

const letters: Readonly<Record<string, string>> = { file: "f", folder: "d", link: "l", fifo: "p" };

async function walk(run: AppletRun, name: string, depth: number, tests: ReadonlyMap<string, string>): Promise<void> {
  await run.session.pace.step();
  const path = pathOf(run, name);
  const letter = letters[run.files.mustStat(path, { follow: false }).kind];
  const isChosen = passes(name, letter, depth, tests);
  if (isChosen && !tests.has("-delete")) {
    await run.stdout.write(tests.has("-print0") ? `${name}\0` : `${name}\n`);
  }
  if (letter === "d" && depth < Number(tests.get("-maxdepth") ?? Number.POSITIVE_INFINITY)) {
    for (const child of run.files.list(path)) {
      await walk(run, `${name === "/" ? "" : name}/${child}`, depth + 1, tests);
    }
  }
  if (isChosen && tests.has("-delete")) run.files.remove(path, { recursive: true });
}

function passes(name: string, letter: string | undefined, depth: number, tests: ReadonlyMap<string, string>): boolean {
  return (
    matches(name.slice(name.lastIndexOf("/") + 1), tests.get("-name") ?? "*") &&
    (tests.get("-type") ?? letter) === letter &&
    depth >= Number(tests.get("-mindepth") ?? 0)
  );
}
