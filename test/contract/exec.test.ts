import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { it } from "node:test";
import { AbortError, CommandStartError, RequestError, TextError, TimeoutError } from "../../src/index.ts";
import { forEachEngine } from "../support/engines.ts";
import { leakCheck } from "../support/leaks.ts";
import { fails, nobody, succeeds, until, useWorkbench } from "./support.ts";

forEachEngine("an exec", (engine) => {
  leakCheck();
  const { docker, start } = useWorkbench(engine);
  const sh = (script: string) => ["sh", "-c", script];

  it("is created, started, resized and inspected", async () => {
    const id = await start();
    const config = { Cmd: sh("read go; stty size; exit 3"), AttachStdin: true, AttachStdout: true, Tty: true };
    const { Id } = await succeeds(docker.execs.create(id, config), "Succeeded", 201);
    const stream = await docker.execs.start(Id);
    await stream.resize({ h: 33, w: 77 });
    await stream.stdin.write("go\n");
    await assert.rejects(stream.stdin.end(), { name: "InvalidRequestError", parameter: "stdin" });
    assert.match(await stream.text(), /33 77\r\n$/);
    await until(async () => !(await docker.execs.inspect(Id)).Running, "the exec has ended");
    const { ExitCode, ContainerID } = await docker.execs.inspect(Id);
    assert.deepEqual([ExitCode, ContainerID], [3, id]);
  });

  it("ends its input alone when it has no terminal", async () => {
    const id = await start();
    const config = { Cmd: sh("cat; echo error >&2"), AttachStdin: true, AttachStdout: true, AttachStderr: true };
    const { Id } = await docker.execs.create(id, config);
    const stream = await docker.execs.start(Id, { Tty: false });
    await stream.stdin.write("hello\n");
    await stream.stdin.end();
    await assert.rejects(stream.stdin.write("more"), { name: "InvalidRequestError" });
    const lines: string[] = [];
    for await (const line of stream.lines()) {
      lines.push(`${line.stream} ${line.text}`);
    }
    assert.deepEqual(lines.sort(), ["stderr error", "stdout hello"]);
  });

  it("runs without its streams when it is started detached", async () => {
    const id = await start();
    const { Id } = await docker.execs.create(id, { Cmd: sh("echo done > /tmp/detached") });
    assert.equal(await docker.execs.startDetached(Id), undefined);
    const isDone = async () => (await docker.containers.exec(id, ["cat", "/tmp/detached"])).stdout === "done\n";
    await until(isDone, "the exec has written"); // Podman 4.3 goes on to say that it runs
  });

  it("that is not there is an outcome of every step", async () => {
    await fails(docker.execs.create(nobody, { Cmd: ["true"] }), "NoSuchContainer", 404);
    await fails(docker.execs.start(nobody), "NoSuchExec", 404);
    await fails(docker.execs.start(nobody, { Tty: false }), "NoSuchExec", 404);
    await fails(docker.execs.inspect(nobody), "NoSuchExec", 404);
    await fails(docker.execs.resize(nobody, { h: 1, w: 1 }), "NoSuchExec", 404);
  });

  it("in one call gives exit code and outputs", async () => {
    const id = await start();
    const { exitCode, stdout, stderr } = await docker.containers.exec(id, sh("echo out; echo error >&2; exit 7"));
    assert.deepEqual({ exitCode, stdout, stderr }, { exitCode: 7, stdout: "out\n", stderr: "error\n" });
  });

  it("in one call takes the Engine's own configuration", async () => {
    const id = await start();
    const Cmd = sh('echo "$A"; pwd; id -u; test -t 1 && echo terminal');
    const result = await docker.containers.exec(id, {
      Cmd,
      Env: ["A=b c"],
      WorkingDir: "/tmp",
      User: "1000",
      Tty: true,
    });
    assert.deepEqual(result, { exitCode: 0, stdout: "b c\r\n/tmp\r\n1000\r\nterminal\r\n", stderr: "" });
  });

  it("in one call reads its input from text, bytes, iterables, Node streams and web streams", async () => {
    const id = await start();
    const web = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from("he"));
        controller.enqueue(Buffer.from("llo"));
        controller.close();
      },
    });
    const sources = ["hello", Buffer.from("hello"), ["he", Buffer.from("llo")], Readable.from(["hel", "lo"]), web];
    for (const stdin of sources) {
      assert.equal((await docker.containers.exec(id, ["cat"], { stdin })).stdout, "hello");
    }
    assert.equal((await docker.containers.exec(id, ["cat"], { stdin: "" })).stdout, "");
  });

  it("in one call passes a mebibyte both ways, as bytes", async () => {
    const id = await start();
    const bytes = Buffer.alloc(1024 * 1024, Buffer.from([0, 255, 128, 10, 13]));
    const { stdout } = await docker.containers.exec(id, ["cat"], { stdin: bytes, encoding: "bytes" });
    assert.ok(bytes.equals(stdout));
    await assert.rejects(docker.containers.exec(id, ["printf", "\\377"]), (error) => {
      return error instanceof TextError && error.message.includes('encoding "bytes"');
    });
  });

  it("may end before it has read its input", async () => {
    const id = await start();
    let isLeft = false;
    const endless = (async function* () {
      try {
        for (;;) {
          yield "x".repeat(1000);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      } finally {
        isLeft = true;
      }
    })();
    const { exitCode, stdout } = await docker.containers.exec(id, ["head", "-c", "3"], { stdin: endless });
    assert.deepEqual([exitCode, stdout], [0, "xxx"]);
    await until(() => isLeft, "the source is told");
  });

  it("fails with what its input fails with", async () => {
    const id = await start();
    const broken = (function* () {
      yield "x";
      throw new Error("no more");
    })();
    await assert.rejects(docker.containers.exec(id, ["cat"], { stdin: broken }), (error) => {
      return error instanceof RequestError && (error.cause as Error).message === "no more";
    });
  });

  it("may be iterated for frames or lines, and then awaited", async () => {
    const id = await start();
    const call = docker.containers.exec(id, sh("echo one; sleep 0.1; echo two; exit 5"));
    const lines: string[] = [];
    for await (const { text } of call.lines()) {
      lines.push(text);
    }
    assert.deepEqual(lines, ["one", "two"]);
    assert.deepEqual(await call, { exitCode: 5, stdout: "", stderr: "" });
    assert.throws(() => call[Symbol.asyncIterator](), { name: "InvalidRequestError" });
    for await (const { stream, data } of docker.containers.exec(id, sh("echo one; sleep 300"))) {
      assert.deepEqual([stream, Buffer.from(data).toString()], ["stdout", "one\n"]);
      break;
    }
  });

  it("whose command cannot be started says so, and one that ends with 126 or 127 does not", async () => {
    const id = await start();
    await assert.rejects(docker.containers.exec(id, ["no-such-command"]), (error) => {
      assert.ok(error instanceof CommandStartError, String(error));
      assert.match(error.engineMessage, /no-such-command/);
      return error.exitCode === 127 || error.exitCode === 126;
    });
    await assert.rejects(docker.containers.exec(id, ["/tmp"]), { name: "CommandStartError", exitCode: 126 });
    const lost = { Cmd: ["pwd"], WorkingDir: "/no-such-folder" };
    await assert.rejects(docker.containers.exec(id, lost), { name: "CommandStartError" });
    // Newer Dockers refuse to create it, Podman to start it.
    await assert.rejects(docker.containers.exec(id, { Cmd: ["id"], User: "no-such-user" }), (error) => {
      return /^(CommandStartError|StatusError)/.test(String(error)) && /no-such-user/.test(String(error));
    });
    for (const code of [126, 127]) {
      assert.equal((await docker.containers.exec(id, sh(`echo OCI; exit ${code}`))).exitCode, code);
    }
    assert.equal((await docker.containers.exec(id, sh("no-such-command"))).exitCode, 127);
  });

  it("that a signal ends has an exit code of 128 and more", async () => {
    const id = await start();
    assert.equal((await docker.containers.exec(id, sh("kill -9 $$"))).exitCode, 137);
  });

  it("collects no more than its limit", async () => {
    const id = await start();
    await assert.rejects(docker.containers.exec(id, ["yes"], { limitBytes: 1000 }), (error) => {
      return error instanceof TextError && error.position === 1000;
    });
    const { stdout } = await docker.containers.exec(id, ["head", "-c", "1000", "/dev/zero"], { limitBytes: 1000 });
    assert.equal(stdout.length, 1000);
  });

  it("is left by its signal, its time limit and its reader, at whatever moment", async () => {
    const id = await start();
    await assert.rejects(docker.containers.exec(id, ["sleep", "3"], { timeoutMs: 200 }), (error) => {
      return error instanceof TimeoutError && error.timeout === "total" && error.limitMs === 200;
    });
    for (const ms of [0, 2, 5, 10, 20, 40, 80]) {
      const reason = new Error("enough");
      const controller = new AbortController();
      const call = docker.containers.exec(id, ["sleep", "3"], { signal: controller.signal });
      setTimeout(() => controller.abort(reason), ms);
      await assert.rejects(call, (error) => error instanceof AbortError && error.cause === reason);
    }
    const aborted = docker.containers.exec(id, ["true"], { signal: AbortSignal.abort() });
    await assert.rejects(aborted, AbortError);
    const iterator = docker.containers.exec(id, ["sleep", "3"])[Symbol.asyncIterator]();
    const waiting = iterator.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await iterator.return?.();
    assert.deepEqual(await waiting, { done: true, value: undefined });
    assert.throws(() => docker.containers.exec(id, ["true"], { timeoutMs: Number.NaN })[Symbol.asyncIterator]());
  });

  it("needs a running container", async () => {
    const id = await start();
    await docker.containers.kill(id);
    await docker.containers.wait(id);
    await assert.rejects(docker.containers.exec(id, ["true"]), { name: "StatusError", operation: "ContainerExec" });
    await assert.rejects(docker.containers.exec(nobody, ["true"]), { name: "StatusError", kind: "NoSuchContainer" });
  });
});
