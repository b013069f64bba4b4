import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { busybox, type EmbeddedEngine, startEngine } from "../../src/testing/index.ts";
import { run } from "../support/scripts.ts";

const folder = import.meta.dirname;

describe("clients that are not ours work with the embedded engine", { timeout: 600_000 }, () => {
  let engine: EmbeddedEngine;
  let home = "";
  before(async () => {
    install();
    engine = await startEngine();
    engine.image("box:1", busybox);
    home = await mkdtemp(join(tmpdir(), "fairlead-client-"));
  });
  after(async () => {
    await engine.close();
    await rm(home, { recursive: true });
  });

  /** Runs one of the programs, which check by themselves what they are answered. */
  const works = async (program: string, args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await run(process.execPath, [join(folder, "programs", program), ...args], {
      env: { PATH: process.env["PATH"], HOME: home, DOCKER_HOST: engine.host, TESTCONTAINERS_RYUK_DISABLED: "true" },
      timeout: 600_000,
    });
    assert.equal(exitCode, 0, `${stdout}${stderr}`);
  };
  const socket = () => engine.host.slice("unix://".length);

  it("dockerode", () => works("dockerode.mjs", [socket(), "box:1"]));

  it("@docker/node-sdk", () => works("node-sdk.mjs", [socket(), "box:1"]));

  it("testcontainers", () => works("testcontainers.mjs", ["box:1"]));
});

/** They stand in a package of their own, so that they are installed only where they are tested. */
function install(): void {
  if (!existsSync(join(folder, "node_modules/testcontainers"))) {
    const { status, stderr } = spawnSync("npm", ["ci", "--ignore-scripts"], { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, `npm ci failed in ${folder}: ${stderr}`);
  }
}
