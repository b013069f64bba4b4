// Runs the tests on real engines and on the embedded one: `node scripts/test.mjs [FILE OR FOLDER ...] [--OPTION OF NODE'S
// RUNNER ...]`.
//
// The real engines are those of FAIRLEAD_TEST_ENGINES (name=address, separated by commas or white space); without it, the
// one that `scripts/engines up` finds or starts, which is stopped again if this run started it. Where none can be had, this
// says so, and the embedded one must do; in CI it fails.
//
// In CI, a few files that fail are run once more, and both are told (docs/decisions/0020-tests-side-by-side.md).
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import "./bootstrap.mjs";
import { startEmbedded } from "./embedded.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const image = "fairlead/busybox:test";
// Node 20 applies this to a whole file, Node 22 and later to each test; either way nothing hangs for ever.
const timeoutMs = 1_200_000;
// What is broken breaks more; what a busy machine does to engines befalls one test or two.
const mostFilesRunAgain = 3;

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  return 1;
});

async function main(args) {
  const files = testFiles(args.filter((arg) => !arg.startsWith("-")));
  const options = args.filter((arg) => arg.startsWith("-"));
  if (files.length === 0) throw new Error(`no test file matches ${args.join(" ")}`);
  const { FAIRLEAD_TEST_ENGINES: chosen } = process.env;
  const local = chosen ? undefined : startLocal();
  const real = chosen ?? (local && `local=${local.host}`) ?? "";
  const embedded = await startEmbedded();
  try {
    for (const entry of real.split(/[\s,]+/).filter(Boolean)) {
      runEngines(["image", image], {
        DOCKER_HOST: entry.slice(entry.indexOf("=") + 1),
        FAIRLEAD_ENGINES_IGNORE_RUNNING: "",
      });
    }
    return await runTestsTwice(options, files, `${real} embedded=${embedded.host}`);
  } finally {
    embedded.stop();
    if (local?.started) runEngines(["down"]);
  }
}

function testFiles(filters) {
  const all = readdirSync(join(root, "test"), { recursive: true })
    .filter((file) => file.endsWith(".test.ts") && !file.split(sep).includes("node_modules"))
    .map((file) => join("test", file))
    .sort();
  if (filters.length === 0) return all;
  const wanted = filters.map((filter) => relative(root, resolve(filter)));
  return all.filter((file) => wanted.some((path) => file === path || file.startsWith(path + sep)));
}

/** A real engine; undefined if there is none, where that may be. */
function startLocal() {
  let answer = "";
  try {
    answer = runEngines(["up"]);
  } catch (error) {
    if (process.env.CI) throw error;
    process.stderr.write(`${error.message} They run on the embedded one alone, which is no proof.\n\n`);
    return undefined;
  }
  const { DOCKER_HOST: host, FAIRLEAD_ENGINE: origin } = Object.fromEntries(
    answer.split("\n").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  return { host, started: origin === "started" };
}

function runEngines(args, env = {}) {
  const { status, stdout, error } = spawnSync(join(root, "scripts/engines"), args, {
    env: { ...process.env, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status === 0) return stdout;
  throw new Error(`\nThe tests were NOT run on a real engine: scripts/engines ${args.join(" ")} failed.`, {
    cause: error,
  });
}

/** Runs them, and in CI those that fail once more, one at a time. */
async function runTestsTwice(options, files, engines) {
  const failures = mkdtempSync(join(tmpdir(), "fairlead-tests-"));
  const env = { FAIRLEAD_TEST_ENGINES: engines, FAIRLEAD_TEST_FAILURES: failures };
  try {
    // Most of their time the tests wait for an engine.
    const concurrency = `--test-concurrency=${2 * availableParallelism() + 1}`;
    const code = await runTests([concurrency, ...options], files, env);
    const failed = readdirSync(failures).map((note) => relative(root, readFileSync(join(failures, note), "utf8")));
    if (code === 0 || !process.env.CI || failed.length === 0 || failed.length > mostFilesRunAgain) return code;
    process.stdout.write(`\n== Run once more, one at a time, since a test in it has failed: ${failed.join(", ")}\n\n`);
    return await runTests([...options, "--test-concurrency=1"], failed, env);
  } finally {
    rmSync(failures, { recursive: true });
  }
}

function runTests(options, files, env) {
  // What the client is answered is noted in a folder, from which scripts/coverage makes docs/coverage.md.
  const recorder = process.env.FAIRLEAD_COVERAGE ? ["--import", "./test/support/record-answers.ts"] : [];
  const imports = ["--import", "tsx", "--import", "./scripts/note-failures.mjs", ...recorder];
  const runner = ["--test", "--test-reporter=spec", `--test-timeout=${timeoutMs}`];
  const child = spawn(process.execPath, [...imports, ...runner, ...options, ...files], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  // The runner ends on these; this process lives on until the engine is down.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => done(code ?? 1));
  });
}
