// Runs tests with what is published on other runtimes: `tsx test/runtimes/main.ts [RUNTIME ...] [FILE ...]`. Without
// runtimes on all of them, on each engine of FAIRLEAD_TEST_ENGINES. Without files those of test/contract and
// test/transport, and test/consumers/programs.test.ts; the scenarios of test/contract/transports.test.ts once over each way
// to the engine. What passed is noted in the folder FAIRLEAD_COMPATIBILITY, from which scripts/compatibility makes
// docs/compatibility.md. FAIRLEAD_TEST_JOBS is how many files run at a time; by default as many as there are processors.
import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { CompatibilityRecord } from "../../scripts/compatibility/record.ts";
import { request } from "../support/engine-request.ts";
import { engines, type TestEngine } from "../support/engines.ts";
import { waysTo } from "../support/ways.ts";
import { bundleTests } from "./bundle.ts";
import { findRuntimes, type Runtime, runtimeNames } from "./runtimes.ts";

const root = join(import.meta.dirname, "..", "..");
const contract = "test/contract";
/** The longest that a file may take. Bun and Deno have no limit for a suite. */
const limitMs = 600_000;
const startedMs = Date.now();
const jobsAtOnce = Number(process.env["FAIRLEAD_TEST_JOBS"]) || availableParallelism();

const args = process.argv.slice(2);
const files = args.filter((arg) => arg.endsWith(".ts"));
const names = args.filter((arg) => !arg.endsWith(".ts"));
try {
  const failures = await run(findRuntimes(names.length > 0 ? names : runtimeNames));
  process.exitCode = failures === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function run(runtimes: readonly Runtime[]): Promise<number> {
  if (engines.length === 0) {
    throw new Error("FAIRLEAD_TEST_ENGINES is empty: name the engines");
  }
  // One for each run, since several may go on at once.
  const folder = join(root, "test", `.runtimes-${process.pid}`);
  try {
    const bundles = await bundleTests(files.length > 0 ? files : usualFiles(), folder);
    return await runEverywhere(runtimes, bundles);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runEverywhere(runtimes: readonly Runtime[], bundles: readonly string[]): Promise<number> {
  let failures = 0;
  for (const runtime of runtimes) {
    for (const engine of engines) {
      const jobs = jobsFor(engine, bundles);
      const failed = await runAll(runtime, engine, jobs);
      console.log(`${runtime.title} with ${engine.name}: ${jobs.length - failed} of ${jobs.length} files pass`);
      failures += failed;
    }
  }
  return failures;
}

function usualFiles(): readonly string[] {
  const own = [...filesIn(contract), ...filesIn("test/transport")].filter(isOfAnyRuntime);
  return [...own, "test/consumers/programs.test.ts"];
}

function filesIn(folder: string): readonly string[] {
  const found = readdirSync(join(root, folder)).filter((name) => name.endsWith(".test.ts"));
  return found.map((name) => `${folder}/${name}`);
}

/** Some start Node itself, some have engines to themselves, and one asks the engines without the client. */
function isOfAnyRuntime(file: string): boolean {
  return !/\/(dial|idle|swarm-nodes|checkpoints|refusal-words)/.test(file);
}

/** One run of one file. */
interface Job {
  readonly file: string;
  /** How the engine is reached in it. */
  readonly transport: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * `transports` is run over each way to the engine; files like `transports-ssh` speak of one way, and are left out if there
 * is none to this engine.
 */
function jobsFor(engine: TestEngine, bundles: readonly string[]): Job[] {
  const ways = waysTo(engine).map(({ name }) => name);
  return bundles.flatMap((file) => {
    const [, scenarios, way] = /\/(transports)(?:-(\w+))?\.test\.mjs$/.exec(file) ?? [];
    if (scenarios === undefined) {
      return [{ file, transport: new URL(engine.host).protocol.slice(0, -1), env: {} }];
    }
    const over = way === undefined ? ways : ways.filter((name) => name === way);
    return over.map((name) => ({ file, transport: name, env: way === undefined ? { FAIRLEAD_TEST_WAY: name } : {} }));
  });
}

/**
 * Runs a few files at a time; gives how many failed. One that fails is run once more when the others are done, and both are
 * told: several runtimes side by side make a small machine slow, but what does not work fails twice.
 */
async function runAll(runtime: Runtime, engine: TestEngine, jobs: readonly Job[]): Promise<number> {
  const title = await describeEngine(engine);
  const waiting = [...jobs];
  const failed: Job[] = [];
  const tell = ({ file, transport }: Job, passed: boolean) =>
    note({ runtime: runtime.title, engine: title, transport, file: basename(file, ".test.mjs"), passed });
  const work = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      if (await runFile(runtime, engine, job)) {
        tell(job, true);
      } else {
        failed.push(job);
      }
    }
  };
  await Promise.all(Array.from({ length: jobsAtOnce }, work));
  let failures = 0;
  for (const job of failed) {
    const passed = await runFile(runtime, engine, job);
    console.error(`== ${basename(job.file)} ${passed ? "passes" : "fails"} at the second try`);
    tell(job, passed);
    failures += passed ? 0 : 1;
  }
  return failures;
}

async function runFile(runtime: Runtime, engine: TestEngine, { file, transport, env }: Job): Promise<boolean> {
  const { title, program, testArguments } = runtime;
  const own = { ...env, FAIRLEAD_TEST_ENGINES: `${engine.name}=${engine.host}`, NO_COLOR: "1" };
  const options = { cwd: root, env: { ...process.env, ...own }, timeout: limitMs, maxBuffer: Number.POSITIVE_INFINITY };
  try {
    await promisify(execFile)(program, [...testArguments, file], options);
    return true;
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string }; // as execFile rejects
    const where = `${basename(file)} failed with ${title} on ${engine.name} over ${transport}`;
    console.error(`\n== ${where}\n${stdout ?? ""}${stderr ?? ""}`);
    return false;
  }
}

async function describeEngine(engine: TestEngine): Promise<string> {
  const { version, isPodman } = await engine.facts();
  const { DriverStatus } = await request<{ DriverStatus: unknown }>(engine.host, "GET", "/info");
  const store = /containerd\.snapshotter/.test(JSON.stringify(DriverStatus)) ? ", containerd's image store" : "";
  return `${isPodman ? "Podman" : "Docker"} ${/^[\d.]+/.exec(version)?.[0]}${store}`;
}

function note(record: CompatibilityRecord): void {
  const folder = process.env["FAIRLEAD_COMPATIBILITY"];
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    appendFileSync(join(folder, `${startedMs}-${process.pid}.jsonl`), `${JSON.stringify(record)}\n`);
  }
}
