import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { RawServer } from "../support/raw-server.ts";
import { answer, pong, readRequest } from "./support.ts";

const index = new URL("../../src/index.ts", import.meta.url);

/** Runs a program whose every call is answered with 404; gives its exit code and what it printed. */
async function run(program: string): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const server = await RawServer.listen("unix", async (connection) => {
    for (;;) {
      const { line } = await readRequest(connection);
      await connection.write(line === "HEAD /_ping" ? pong("1.51") : answer(404, { message: "gone" }));
    }
  });
  const source = `import { Docker } from ${JSON.stringify(index.href)}; const docker = new Docker(); ${program}`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", source], {
    env: { ...process.env, DOCKER_HOST: server.dialer.endpoint, DOCKER_API_VERSION: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  await server.close();
  return { exitCode, stdout, stderr };
}

const print = "(value) => console.log(value.kind ?? value.name)";

/** Programs that handle their failures in one way or another: Node has nothing to report. */
const clean: Readonly<Record<string, readonly [program: string, stdout: string]>> = {
  "of which only the outcome was asked": [
    `await docker.containers.inspect("a").outcome().then(${print}); await new Promise(setImmediate);`,
    "NoSuchContainer\n",
  ],
  "of which the outcome was asked twice": [
    `const call = docker.containers.inspect("a"); await call.outcome(); await call.outcome().then(${print});`,
    "NoSuchContainer\n",
  ],
  "of which the outcome was asked in the same tick, of many": [
    `const all = ["a", "b"].map((id) => docker.containers.inspect(id).outcome()); for (const one of all) await one.then(${print});`,
    "NoSuchContainer\nNoSuchContainer\n",
  ],
  "that was caught": [`await docker.containers.inspect("a").catch(${print});`, "NoSuchContainer\n"],
  "of which only the outcome of a pull was asked": [
    `await docker.images.pull("a").outcome().then(${print}); await new Promise(setImmediate);`,
    "NoSuchRepository\n",
  ],
  "that was iterated as a pull": [
    `try { for await (const e of docker.images.pull("a")) console.log(e); } catch (error) { console.log(error.name); }
     await new Promise(setImmediate);`,
    "StatusError\n",
  ],
  "that was iterated as a log": [
    `try { for await (const e of docker.containers.logs("a")) console.log(e); } catch (error) { console.log(error.name); }
     await new Promise(setImmediate);`,
    "StatusError\n",
  ],
  "that was iterated as lines of a log": [
    `try { for await (const e of docker.containers.logs("a").lines()) console.log(e); } catch (error) { console.log(error.name); }
     await new Promise(setImmediate);`,
    "StatusError\n",
  ],
  "that was read as the text of a log": [
    `await docker.containers.logs("a").text().catch(${print}); await new Promise(setImmediate);`,
    "NoSuchContainer\n",
  ],
};

/** Programs that forget a failing call: Node must say so. */
const reported: Readonly<Record<string, string>> = {
  "that nobody awaits": `docker.containers.inspect("a");`,
  "that is awaited and not caught": `await docker.containers.inspect("a");`,
  "of a log that nobody reads": `docker.containers.logs("a");`,
  "of a pull that nobody awaits": `docker.images.pull("a");`,
};

test("an outcome that nobody takes is reported when there is no engine", { timeout: 600_000 }, async () => {
  const program = `new Docker({ host: "unix:///nowhere/docker.sock" }).containers.start("a").outcome();`;
  const { exitCode, stderr } = await run(program);
  assert.equal(exitCode, 1);
  assert.match(stderr, /ConnectError/);
});

describe("a failing call", { timeout: 600_000 }, () => {
  for (const [title, [program, stdout]] of Object.entries(clean)) {
    test(`${title} ends well`, async () => {
      assert.deepEqual(await run(program), { exitCode: 0, stdout, stderr: "" });
    });
  }

  for (const [title, program] of Object.entries(reported)) {
    test(`${title} ends the program with a report`, async () => {
      const { exitCode, stderr } = await run(program);
      assert.equal(exitCode, 1);
      assert.match(stderr, /StatusError|NoSuchContainer|NoSuchRepository/);
    });
  }
});
