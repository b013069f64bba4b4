import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;

/** A program that runs JavaScript, and how it is told to run a file of tests. */
export interface Runtime {
  /** As it is chosen on the command line, e.g. `bun`. */
  readonly name: string;
  /** As it is told to people, e.g. `Bun 1.4.5`. */
  readonly title: string;
  readonly program: string;
  readonly testArguments: readonly string[];
}

interface Kind {
  readonly title: string;
  readonly path: string;
  readonly testArguments: readonly string[];
}

/** The longest that one test may take, in milliseconds. Bun has a limit of 5 s of its own. */
const limitMs = 300_000;

const node = { title: "Node", testArguments: ["--test", `--test-timeout=${limitMs}`, "--test-reporter=spec"] };
const installed = (name: string, path: string) => join(folder, "node_modules", name, path);

const kinds: Readonly<Record<string, Kind>> = {
  node: { ...node, path: process.execPath },
  node22: { ...node, path: installed("node22", "bin/node") },
  node24: { ...node, path: installed("node24", "bin/node") },
  node26: { ...node, path: installed("node26", "bin/node") },
  bun: { title: "Bun", path: installed("bun", "bin/bun"), testArguments: ["test", `--timeout=${limitMs}`] },
  deno: { title: "Deno", path: installed("deno", "deno"), testArguments: ["test", "--allow-all", "--no-check"] },
};

/** The names of all runtimes: `node` is the one that runs this; the others come from npm. */
export const runtimeNames: readonly string[] = Object.keys(kinds);

/**
 * Finds the runtimes of these names, and installs those that are missing.
 * Throws when a name is unknown, and when npm has none for this machine: nothing is skipped in silence.
 */
export function findRuntimes(names: readonly string[]): readonly Runtime[] {
  const unknown = names.filter((name) => !(name in kinds));
  if (unknown.length > 0) {
    throw new Error(`unknown: ${unknown.join(", ")}; there are ${runtimeNames.join(", ")}`);
  }
  const chosen = Object.entries(kinds).filter(([name]) => names.includes(name));
  if (chosen.some(([, { path }]) => !existsSync(path))) {
    install();
  }
  return chosen.map(([name, { title, path, testArguments }]) => {
    const version = /\d+\.\d+\.\d+/.exec(execFileSync(path, ["--version"], { encoding: "utf8" }))?.[0];
    return { name, title: `${title} ${version}`, program: path, testArguments };
  });
}

/** They have no scripts to run at their installation: each package is one program. */
function install(): void {
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts"], { cwd: folder, stdio: "inherit" });
  if (status !== 0) {
    throw new Error("npm ci failed in test/runtimes");
  }
}
