import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { AbortError, type ContainerCreateRequest, RequestError, TextError, TimeoutError } from "../../src/index.ts";
import { forEachEngine, testImage, testLabels } from "../support/engines.ts";
import { leakCheck } from "../support/leaks.ts";
import { fails, freshName, until, useWorkbench } from "./support.ts";

forEachEngine("a run", (engine) => {
  leakCheck();
  const { docker } = useWorkbench(engine);

  const sh = (script: string, spec: ContainerCreateRequest = {}): ContainerCreateRequest => ({
    Image: testImage,
    Labels: testLabels,
    Cmd: ["sh", "-c", script],
    ...spec,
  });
  const left = async (): Promise<number> => {
    const label = Object.entries(testLabels).map(([key, value]) => `${key}=${value}`);
    return (await docker.containers.list({ all: true, filters: { label } })).length;
  };
  /**
   * Checks that the container is gone when the call has settled, not some time later. But the daemon forgets a container
   * a moment before its lists do (moby:daemon/delete.go, `cleanupContainer`).
   */
  const nothingLeft = (): Promise<void> => until(async () => (await left()) === 0, "nothing is left", 500);

  it("gives exit code and outputs, and leaves nothing", async () => {
    const result = await docker.containers.run(sh("echo out; echo error >&2; exit 7"));
    await nothingLeft();
    const { containerId, ...rest } = result;
    assert.deepEqual(rest, { exitCode: 7, stdout: "out\n", stderr: "error\n" });
    await fails(docker.containers.inspect(containerId), "NoSuchContainer", 404);
  });

  it("misses nothing of a command that ends at once", async () => {
    for (let code = 0; code < 5; code += 1) {
      const { exitCode, stdout } = await docker.containers.run(sh(`echo ${code}; exit ${code}`));
      assert.deepEqual([exitCode, stdout], [code, `${code}\n`]);
    }
    await nothingLeft();
  });

  it("passes a mebibyte both ways", async () => {
    const bytes = Buffer.alloc(1024 * 1024, Buffer.from([0, 255, 128, 10, 13]));
    const pieces = Readable.from([bytes.subarray(0, 300_000), bytes.subarray(300_000)]);
    const { stdout } = await docker.containers.run(sh("cat"), { stdin: pieces, encoding: "bytes" });
    assert.ok(bytes.equals(stdout));
    await nothingLeft();
  });

  it("may end before its input does", async () => {
    const endless = (async function* () {
      for (;;) {
        yield "x".repeat(1000);
        await delay(5);
      }
    })();
    const { exitCode, stdout } = await docker.containers.run(sh("head -c 3; exit 4"), { stdin: endless });
    assert.deepEqual([exitCode, stdout], [4, "xxx"]);
    await nothingLeft();
  });

  it("has one output on a terminal, which the byte 4 ends", async () => {
    const { stdout, stderr } = await docker.containers.run(sh("stty -echo; cat; echo end >&2", { Tty: true }), {
      stdin: "hello\n\x04",
    });
    assert.match(stdout, /hello\r\n[\s\S]*end\r\n$/);
    assert.equal(stderr, "");
    await nothingLeft();
  });

  it("takes a name, and keeps its container if it is told to", async () => {
    const name = freshName();
    const { containerId } = await docker.containers.run(sh("true"), { name, remove: false });
    const { Id, State } = await docker.containers.inspect(name);
    assert.deepEqual([Id, State.ExitCode], [containerId, 0]);
    await docker.containers.remove(Id);
  });

  it("may be iterated for lines and then awaited, and is removed when its loop is left", async () => {
    const call = docker.containers.run(sh("echo one; sleep 1; echo two >&2; exit 5"));
    const lines: string[] = [];
    for await (const { stream, text } of call.lines()) {
      lines.push(`${stream} ${text}`);
    }
    assert.deepEqual(lines, ["stdout one", "stderr two"]);
    assert.equal((await call).exitCode, 5);
    await nothingLeft();
    for await (const { text } of docker.containers.run(sh("echo one; sleep 300")).lines()) {
      assert.equal(text, "one");
      break;
    }
    await nothingLeft();
  });

  it("is removed when its reader leaves while it waits", async () => {
    const iterator = docker.containers.run(sh("sleep 300"))[Symbol.asyncIterator]();
    const waiting = iterator.next();
    await until(async () => (await left()) === 1, "it is created");
    await iterator.return?.();
    await nothingLeft();
    assert.deepEqual(await waiting, { done: true, value: undefined });
  });

  it("is removed when its signal is aborted, at whatever moment", async () => {
    for (const ms of [0, 2, 5, 10, 20, 50, 100, 200, 400, 800]) {
      const reason = new Error("enough");
      const controller = new AbortController();
      const call = docker.containers.run(sh("sleep 300"), { signal: controller.signal });
      setTimeout(() => controller.abort(reason), ms);
      await assert.rejects(call, (error) => error instanceof AbortError && error.cause === reason, `after ${ms} ms`);
      await nothingLeft();
    }
  });

  it("is removed when its signal is aborted while its reader does nothing", async () => {
    const controller = new AbortController();
    const iterator = docker.containers
      .run(sh("echo one; sleep 300"), { signal: controller.signal })
      [Symbol.asyncIterator]();
    await iterator.next();
    controller.abort();
    await until(async () => (await left()) === 0, "it is removed");
    await assert.rejects(iterator.next(), AbortError);
  });

  it("is removed after its time limit, also with `remove: false`", async () => {
    await assert.rejects(docker.containers.run(sh("sleep 300"), { timeoutMs: 300, remove: false }), (error) => {
      return error instanceof TimeoutError && error.timeout === "total" && error.limitMs === 300;
    });
    await nothingLeft();
  });

  it("is removed when its input fails, and when its output exceeds the limit or is no text", async () => {
    const broken = (function* () {
      yield "x";
      throw new Error("no more");
    })();
    await assert.rejects(docker.containers.run(sh("cat"), { stdin: broken }), (error) => {
      return error instanceof RequestError && (error.cause as Error).message === "no more";
    });
    await nothingLeft();
    await assert.rejects(docker.containers.run(sh("yes"), { limitBytes: 1000 }), TextError);
    await nothingLeft();
    await assert.rejects(docker.containers.run(sh("printf '\\377'")), TextError);
    await nothingLeft();
  });

  it("whose command is not there is removed", async () => {
    const spec = sh("", { Cmd: ["no-such-command"] });
    await assert.rejects(docker.containers.run(spec), (error) => {
      assert.match(String(error), /StatusError: .*no-such-command/);
      return true;
    });
    await nothingLeft();
  });

  it("cannot be created twice under one name, and leaves the first alone", async () => {
    const name = freshName();
    await docker.containers.run(sh("true"), { name, remove: false });
    await assert.rejects(docker.containers.run(sh("true"), { name }), { name: "StatusError" });
    await docker.containers.remove(name);
  });

  it("without its image pulls it, unless it must not", async () => {
    const spec = sh("true", { Image: "127.0.0.1:1/fairlead/no-such-image:1" });
    await assert.rejects(docker.containers.run(spec, { pull: "never" }), { name: "StatusError", kind: "NoSuchImage" });
    for (const pull of ["missing", "always", undefined] as const) {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), 3_000); // Podman tries for 15 seconds
      await assert.rejects(docker.containers.run(spec, { pull, signal: controller.signal }), (error) => {
        return error instanceof AbortError || (error as { operation?: string }).operation === "ImageCreate";
      });
      clearTimeout(timer);
    }
    await nothingLeft();
  });
});
