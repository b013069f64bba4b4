import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { busybox, startEngine } from "../../src/testing/index.ts";
import { testImage } from "../support/engines.ts";
import { type CommandResult, run } from "../support/scripts.ts";

const script = fileURLToPath(new URL("../../scripts/test.mjs", import.meta.url));

function runTests(args: readonly string[], engines: string, others: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return run(process.execPath, [script, ...args], { env: { ...env, FAIRLEAD_TEST_ENGINES: engines, ...others } });
}

/** Runs files of one test each, which fails as often as is said, in CI or elsewhere. */
async function runFailing(failures: readonly number[], CI: string | undefined): Promise<CommandResult> {
  const folder = await mkdtemp(fileURLToPath(new URL("../.test-runner-", import.meta.url)));
  await using engine = await startEngine();
  engine.image(testImage, busybox);
  try {
    await writeFile(join(folder, "helper.ts"), helper);
    for (const [index, times] of failures.entries()) {
      await writeFile(join(folder, `${index}.test.ts`), failingTest(times));
    }
    return await runTests([folder], `engine=${engine.host}`, { CI });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Defines a test elsewhere than in the file that is run, as many helpers do. */
const helper = `
  import assert from "node:assert/strict";
  import { appendFileSync, readFileSync } from "node:fs";
  import { it } from "node:test";
  export function failing(times: number, tries: string): void {
    it("fails several times", () => {
      appendFileSync(tries, ".");
      assert.ok(readFileSync(tries, "utf8").length > times);
    });
  }`;

function failingTest(times: number): string {
  return `
    import { failing } from "./helper.ts";
    failing(${times}, import.meta.filename + ".tries");`;
}

function countOf(pattern: RegExp, { stdout }: CommandResult): number {
  return stdout.match(pattern)?.length ?? 0;
}

describe("the test runner", () => {
  it("fails, and says that nothing was run, when an engine does not answer", async () => {
    const { exitCode, stdout, stderr } = await runTests([], "gone=unix:///nonexistent.sock");
    assert.match(stderr, /DOCKER_HOST=unix:\/\/\/nonexistent.sock does not answer/);
    assert.match(stderr, /The tests were NOT run on a real engine/);
    assert.deepEqual([exitCode, stdout], [1, ""]);
  });

  it("fails when no test file matches", async () => {
    const { exitCode, stderr } = await runTests(["test/no-such-folder"], "gone=unix:///nonexistent.sock");
    assert.match(stderr, /no test file matches test\/no-such-folder/);
    assert.equal(exitCode, 1);
  });

  it("runs a file that fails in CI once more, and tells both", async () => {
    const result = await runFailing([0, 1], "true");
    assert.equal(result.exitCode, 0, result.stdout);
    assert.match(result.stdout, /^== Run once more, .*: test\/\.test-runner-\w+\/1\.test\.ts$/m);
    assert.match(result.stdout, /tests 2$.*fail 1$.*tests 1$.*fail 0$/ms);
  });

  it("fails when a file fails twice", async () => {
    const result = await runFailing([2], "true");
    assert.deepEqual([result.exitCode, countOf(/fail 1$/gm, result)], [1, 2], result.stdout);
  });

  it("runs nothing once more when many files fail, or outside of CI", async () => {
    for (const result of [await runFailing([1, 1, 1, 1], "true"), await runFailing([1], undefined)]) {
      assert.deepEqual([result.exitCode, countOf(/Run once more|tests \d$/gm, result)], [1, 1], result.stdout);
    }
  });
});
