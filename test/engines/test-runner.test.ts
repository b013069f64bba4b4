import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type CommandResult, run } from "../support/scripts.ts";

const script = fileURLToPath(new URL("../../scripts/test.mjs", import.meta.url));

function runTests(args: readonly string[], engines: string): Promise<CommandResult> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return run(process.execPath, [script, ...args], { env: { ...env, FAIRLEAD_TEST_ENGINES: engines } });
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
});
