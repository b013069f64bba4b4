import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type CommandOptions, type CommandResult, copyOfScripts, run } from "../support/scripts.ts";

const script = fileURLToPath(new URL("../../scripts/engines", import.meta.url));

function engines(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  options: CommandOptions = {},
): Promise<CommandResult> {
  return run(script, args, { ...options, env: { ...process.env, ...env } });
}

/** Something that answers like an engine without an image, and remembers what it was asked. */
async function foreignEngine(): Promise<AsyncDisposable & { readonly host: string; readonly requests: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-"));
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.statusCode = request.method === "GET" && request.url !== "/_ping" ? 404 : 200;
    request.resume().on("end", () => response.end("OK"));
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "s"), resolve));
  return {
    host: `unix://${join(folder, "s")}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

describe("scripts/engines", () => {
  it("takes the engine of DOCKER_HOST when it answers", async () => {
    await using engine = await foreignEngine();
    for (const command of ["up", "env"]) {
      const { exitCode, stdout, stderr } = await engines([command], { DOCKER_HOST: engine.host });
      assert.deepEqual([exitCode, stderr], [0, ""]);
      assert.equal(stdout, `DOCKER_HOST=${engine.host}\nFAIRLEAD_ENGINE=found\n`);
    }
  });

  it("says so when the engine of DOCKER_HOST does not answer, and takes no other", async () => {
    const { exitCode, stdout, stderr } = await engines(["up"], { DOCKER_HOST: "unix:///nonexistent.sock" });
    assert.match(stderr, /^engines: DOCKER_HOST=unix:\/\/\/nonexistent.sock does not answer/);
    assert.deepEqual([exitCode, stdout], [1, ""]);
  });

  it("leaves an engine alone that it did not start", async () => {
    await using engine = await foreignEngine();
    await using project = await copyOfScripts();
    const env = { ...process.env, DOCKER_HOST: engine.host };
    const { exitCode, stderr } = await run(join(project.root, "scripts/engines"), ["down"], { env });
    assert.match(stderr, /an engine that was not started here is left alone/);
    assert.deepEqual([exitCode, engine.requests], [0, []]);
  });

  it("explains how to get an engine, with exit code 3, where it cannot have a private one", async () => {
    await using project = await copyOfScripts();
    const env = { ...process.env, FAIRLEAD_ENGINES_IGNORE_RUNNING: "1", PATH: await toolsOnly(project.root) };
    const { exitCode, stdout, stderr } = await run(join(project.root, "scripts/engines"), ["up"], { env });
    assert.match(stderr, /a private one cannot be had: this is not Debian or Ubuntu\.\nStart one in one of these ways/);
    assert.deepEqual([exitCode, stdout], [3, ""]);
  });

  it("lets the engine pull the image where no static busybox can be had", async () => {
    await using engine = await foreignEngine();
    await using project = await copyOfScripts();
    const env = { ...process.env, DOCKER_HOST: engine.host, PATH: await toolsOnly(project.root) };
    const { exitCode, stderr } = await run(join(project.root, "scripts/engines"), ["image", "a/b:c"], { env });
    assert.match(stderr, /^engines: asking the engine to pull docker.io\/library\/busybox/);
    assert.equal(exitCode, 0);
    assert.deepEqual(engine.requests, [
      "GET /_ping",
      "GET /images/a/b:c/json",
      "POST /images/create?fromImage=docker.io/library/busybox&tag=latest",
      "POST /images/docker.io/library/busybox:latest/tag?repo=a%2Fb&tag=c",
    ]);
  });

  it("describes every command in its help", async () => {
    const { exitCode, stdout } = await engines(["help"], {});
    for (const command of ["up", "down", "env", "status", "image", "remove-image", "help"]) {
      assert.match(stdout, new RegExp(`^  ${command} `, "m"));
    }
    assert.match(stdout, /FAIRLEAD_ENGINES_IGNORE_RUNNING=1/);
    assert.match(stdout, /it can reach no registry/);
    assert.equal(exitCode, 0);
  });

  it("answers an unknown command with the help and exit code 2", async () => {
    const { exitCode, stdout, stderr } = await engines(["start"], {});
    assert.deepEqual([exitCode, stdout], [2, ""]);
    assert.match(stderr, /^Usage: /);
  });
});

/** A PATH with what the script needs and no apt, as on a system that is not Debian. */
async function toolsOnly(folder: string): Promise<string> {
  const bin = join(folder, "bin");
  await mkdir(bin);
  await symlink(process.execPath, join(bin, "node"));
  for (const tool of ["bash", "dirname", "cksum", "cut", "wc", "uname", "cat", "grep", "id"]) {
    await symlink((await run("sh", ["-c", `command -v ${tool}`])).stdout.trim(), join(bin, tool));
  }
  return bin;
}
