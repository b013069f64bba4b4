import assert from "node:assert/strict";
import { it } from "node:test";
import { Docker } from "../../src/index.ts";
import { forEachEngine, testImage, testLabels } from "../support/engines.ts";
import { runProgram } from "../support/run-program.ts";

forEachEngine("the examples", ({ host }) => {
  it("list-containers prints id, status and image of each container in columns", async () => {
    await using docker = new Docker({ host });
    const { Id } = await docker.containers.create({ Image: testImage, Labels: testLabels });
    const { exitCode, stdout } = await runProgram("examples/list-containers.ts", [], host);
    await docker.containers.remove(Id);

    assert.equal(exitCode, 0);
    const line = stdout.split("\n").find((one) => one.startsWith(Id.slice(0, 8)));
    assert.match(line ?? stdout, /^[0-9a-f]{8} \| .{32,} \| \S*fairlead\/busybox:test$/);
  });

  it("create-container says how to get the image when it is not there, and creates the container when it is", async () => {
    await using docker = new Docker({ host });
    const isThere = (await docker.images.inspect("python:3.12").outcome()).kind === "Succeeded";
    if (!isThere) {
      const { exitCode, stderr } = await runProgram("examples/create-container.ts", [], host);
      assert.equal(exitCode, 1);
      assert.match(stderr, /The image python:3\.12 is not here\. Get it first: npx fairlead pull python:3\.12/);
      await docker.images.tag(testImage, { repo: "docker.io/library/python", tag: "3.12" });
    }
    const { exitCode, stdout, stderr } = await runProgram("examples/create-container.ts", [], host);
    const id = /^Created ([0-9a-f]{64})$/m.exec(stdout)?.[1] ?? "";
    await docker.containers.remove(id || "the container was not created").outcome();
    if (!isThere) {
      await docker.images.remove("docker.io/library/python:3.12");
    }
    assert.equal(exitCode, 0, stderr);
    assert.notEqual(id, "");
  });

  it("lifecycle goes through a container's whole life and leaves nothing", async () => {
    const { exitCode, stdout, stderr } = await runProgram("examples/lifecycle.ts", [testImage], host);
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^start {4}Succeeded, and once more: AlreadyStarted$/m);
    assert.match(stdout, /^logs {5}stdout: hello from [0-9a-f]{12}$/m);
    assert.match(stdout, /^wait {5}exit code 3$/m);
    assert.match(stdout, /^stop {5}AlreadyStopped$/m);
    assert.match(stdout, /^remove {3}Succeeded\ninspect {2}NoSuchContainer$/m);
  });

  it("follow-logs prints both streams until the container ends", async () => {
    await using docker = new Docker({ host });
    const Cmd = ["sh", "-c", "echo one; sleep 0.3; echo two >&2; sleep 0.3; echo three; sleep 300"];
    const { Id } = await docker.containers.create({ Image: testImage, Labels: testLabels, Cmd });
    await docker.containers.start(Id);
    // It ends when its last line has come, since Podman may keep back what is printed right before the end.
    const onStdout = (piece: string) => piece.includes("three") && docker.containers.kill(Id);
    const { exitCode, stdout, stderr } = await runProgram("examples/follow-logs.ts", [Id], host, { onStdout });
    await docker.containers.remove(Id, { force: true });

    assert.equal(exitCode, 0);
    assert.equal(stdout, "one\nthree\n");
    assert.equal(stderr, "two\n");
  });
});
