import assert from "node:assert/strict";
import { chmod, mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type CommandResult, copyOfScripts, run } from "../support/scripts.ts";

interface Clone {
  readonly node?: string;
  /** Seconds by which the installed dependencies are newer than package-lock.json; absent when there are none. */
  readonly installedAfter?: number;
  readonly npmExitCode?: number;
}

/** Bootstraps a clone whose npm is a stand-in that says how it was called. */
async function bootstrap({ node = ">=20.19", installedAfter, npmExitCode = 0 }: Clone): Promise<CommandResult> {
  await using project = await copyOfScripts();
  const file = (path: string, content: string): Promise<void> => writeFile(join(project.root, path), content);
  await file("package.json", JSON.stringify({ type: "module", engines: { node } }));
  await file("package-lock.json", "{}");
  await utimes(join(project.root, "package-lock.json"), 1000, 1000);
  if (installedAfter !== undefined) {
    await mkdir(join(project.root, "node_modules"));
    await file("node_modules/.package-lock.json", "{}");
    await utimes(join(project.root, "node_modules/.package-lock.json"), 1000 + installedAfter, 1000 + installedAfter);
  }
  await file("npm", `#!/bin/sh\necho "npm called: $*"\nexit ${npmExitCode}\n`);
  await chmod(join(project.root, "npm"), 0o755);
  const { PATH = "" } = process.env;
  const env = { ...process.env, PATH: `${project.root}:${PATH}` };
  return await run(process.execPath, [join(project.root, "scripts/bootstrap.mjs")], { env });
}

describe("bootstrap", () => {
  it("says nothing when the dependencies are newer than the lock file", async () => {
    assert.deepEqual(await bootstrap({ installedAfter: 1 }), { exitCode: 0, stdout: "", stderr: "" });
  });

  for (const [what, clone] of [
    ["there are none", {}],
    ["the lock file is newer", { installedAfter: -1 }],
  ] as const) {
    it(`installs the dependencies when ${what}, and hides what npm says`, async () => {
      const { exitCode, stdout, stderr } = await bootstrap(clone);
      assert.equal(stderr, "Installing the development dependencies (npm ci) ...\n");
      assert.deepEqual([exitCode, stdout], [0, ""]);
    });
  }

  it("shows what npm says when npm fails", async () => {
    const { exitCode, stderr } = await bootstrap({ npmExitCode: 7 });
    assert.match(stderr, /npm called: ci --include=dev .*\nnpm ci failed\.\n$/);
    assert.equal(exitCode, 1);
  });

  for (const [node, exitCode] of [
    [">=20.19", 0],
    [`>=${process.versions.node.split(".").slice(0, 2).join(".")}`, 0],
    [`>=${process.versions.node.split(".")[0]}.999`, 1],
    [">=999.0", 1],
  ] as const) {
    it(`${exitCode === 0 ? "accepts" : "refuses"} this Node where package.json wants ${node}`, async () => {
      const result = await bootstrap({ node, installedAfter: 1 });
      const message = `Fairlead needs Node ${node}; this is ${process.versions.node} (${process.execPath}).\n`;
      assert.deepEqual([result.exitCode, result.stderr], [exitCode, exitCode === 0 ? "" : message]);
    });
  }
});
