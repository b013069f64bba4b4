import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { AbortError, type AttachedStream, InvalidRequestError, StdinError } from "../../src/index.ts";
import { forEachEngine } from "../support/engines.ts";
import { leakCheck } from "../support/leaks.ts";
import { fails, nobody, typeUntil, useWorkbench } from "./support.ts";

const mebibyte = 1024 * 1024;

async function bytesOf(pieces: AsyncIterable<Uint8Array>, pauseMs = 0): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) {
    all.push(piece);
    if (pauseMs > 0) {
      await delay(pauseMs);
    }
  }
  return Buffer.concat(all);
}

async function* dataOf(stream: AttachedStream): AsyncGenerator<Uint8Array> {
  for await (const { data } of stream) {
    yield data;
  }
}

/** A mebibyte in which every place can be told from its neighbours. */
function pattern(): Buffer {
  const bytes = Buffer.alloc(mebibyte);
  for (let at = 0; at < mebibyte; at += 4) {
    bytes.writeUInt32BE(at, at);
  }
  return bytes;
}

forEachEngine("an attached container", (engine) => {
  leakCheck();
  const { docker, create } = useWorkbench(engine);
  const once = { OpenStdin: true, StdinOnce: true };

  const attach = async (script: string, spec: object = once) => {
    const id = await create({ Cmd: ["sh", "-c", script], ...spec });
    const stream = await docker.containers.attach(id, { stdin: true });
    await docker.containers.start(id);
    return { id, stream };
  };

  it("gives both outputs apart, and reads until its input is ended", async () => {
    const { stream } = await attach("cat; echo ended; echo error >&2");
    await stream.stdin.write("hello\n");
    await stream.stdin.end();
    const lines: string[] = [];
    for await (const line of stream.lines()) {
      lines.push(`${line.stream} ${line.text}`);
    }
    assert.deepEqual(lines.sort(), ["stderr error", "stdout ended", "stdout hello"]);
  });

  it("may be iterated without being awaited", async () => {
    // What was printed before it is attached is not for it.
    const id = await create({ Cmd: ["sh", "-c", "while sleep 0.1; do echo out; done"] });
    await docker.containers.start(id);
    let killed: Promise<void> | undefined;
    for await (const { data } of docker.containers.attach(id)) {
      assert.match(Buffer.from(data).toString(), /^(out\n)+$/);
      killed ??= Promise.resolve(docker.containers.kill(id));
    }
    await killed;
    assert.ok(killed);
  });

  it("passes a mebibyte both ways to a slow reader", async () => {
    const { stream } = await attach("cat");
    const [got] = await Promise.all([
      bytesOf(dataOf(stream), 2),
      stream.stdin.write(pattern()).then(() => stream.stdin.end()),
    ]);
    assert.ok(got.equals(pattern()));
  });

  it("passes a mebibyte both ways from a slow writer", async () => {
    const { stream } = await attach("cat");
    const write = async () => {
      for (let at = 0; at < mebibyte; at += 65_536) {
        await stream.stdin.write(pattern().subarray(at, at + 65_536));
        await delay(5);
      }
      await stream.stdin.end();
    };
    const [got] = await Promise.all([bytesOf(dataOf(stream)), write()]);
    assert.ok(got.equals(pattern()));
  });

  it("has an input whose end is refused when that would end the output too", async () => {
    const { stream } = await attach("read a; echo got $a", { OpenStdin: true });
    const { isPodman } = await engine.facts();
    if (isPodman) {
      await stream.stdin.end(); // Podman leaves the output alone
    } else {
      await assert.rejects(stream.stdin.end(), (error) => {
        assert.ok(error instanceof InvalidRequestError);
        assert.match(error.message, /StdinOnce: true/);
        return error.parameter === "stdin";
      });
      await stream.stdin.write("it\n");
    }
    assert.equal(await stream.text(), isPodman ? "got\n" : "got it\n");
  });

  it("with a terminal gives one output as it is, is resized, and is ended by the byte 4", async () => {
    const { stream } = await attach("read go; stty size; cat; echo ended >&2", { OpenStdin: true, Tty: true });
    await stream.resize({ h: 33, w: 77 });
    await stream.stdin.write("go\n");
    await assert.rejects(stream.stdin.end(), { name: "InvalidRequestError", parameter: "stdin" });
    await delay(300);
    await stream.stdin.write("\x04");
    assert.match(await stream.text(), /^go\r\n33 77\r\n[\s\S]*ended\r\n$/);
  });

  it("with a terminal is left by the detach keys, and goes on", async () => {
    const id = await create({ Cmd: ["cat"], OpenStdin: true, Tty: true });
    const stream = await docker.containers.attach(id, { stdin: true, detachKeys: "ctrl-x,x" });
    await docker.containers.start(id);
    await typeUntil(stream.text(), "\x18x", (key) => stream.stdin.write(key));
    assert.equal((await docker.containers.inspect(id)).State.Running, true);
    await assert.rejects(stream.stdin.write("more"), StdinError);
  });

  it("ends its stream when it is killed, and refuses input then", async () => {
    const { id, stream } = await attach("sleep 300");
    await docker.containers.kill(id);
    assert.equal(await stream.text(), "");
    await assert.rejects(stream.stdin.write("more"), StdinError);
    await stream.stdin.end();
  });

  it("has no input unless it was asked for", async () => {
    const id = await create(once);
    await using stream = await docker.containers.attach(id);
    await assert.rejects(stream.stdin.write("hello"), { name: "InvalidRequestError", parameter: "stdin" });
    await stream.stdin.end();
  });

  it("goes on when its streams are closed or aborted", async () => {
    const { id, stream } = await attach("sleep 300");
    await stream.close();
    await assert.rejects(stream.stdin.write("more"), AbortError);
    const controller = new AbortController();
    const other = await docker.containers.attach(id, { signal: controller.signal });
    const next = other.next();
    controller.abort(new Error("enough"));
    await assert.rejects(next, (error) => error instanceof AbortError && (error.cause as Error).message === "enough");
    assert.equal((await docker.containers.inspect(id)).State.Running, true);
  });

  it("fits Node streams", async () => {
    const { stream } = await attach("cat; echo error >&2");
    const { stdin, stdout, stderr } = stream.toNodeStreams();
    stdin.end(pattern());
    const [out, error] = await Promise.all([bytesOf(stdout), bytesOf(stderr)]);
    assert.ok(out.equals(pattern()));
    assert.equal(error.toString(), "error\n");
  });

  it("fits web streams", async () => {
    const { stream } = await attach("cat; echo error >&2");
    const { stdin, stdout, stderr } = stream.toWebStreams();
    const writer = stdin.getWriter();
    const write = async () => {
      await writer.write(pattern());
      await writer.close();
    };
    const [out, error] = await Promise.all([bytesOf(stdout), bytesOf(stderr), write()]);
    assert.ok(out.equals(pattern()));
    assert.equal(error.toString(), "error\n");
  });

  it("that is not there, or is paused, is an outcome", async () => {
    await fails(docker.containers.attach(nobody), "NoSuchContainer", 404, /no such container/i);
    if (!(await engine.facts()).isPodman) {
      const { id, stream } = await attach("sleep 300");
      await docker.containers.pause(id);
      await fails(docker.containers.attach(id), "Conflict", 409, /paused/);
      await docker.containers.unpause(id);
      await stream.close();
    }
  });

  it("can be attached to over a WebSocket", async () => {
    const id = await create({ Cmd: ["sh", "-c", "read a; echo got $a; head -c 200000 | wc -c"], OpenStdin: true });
    if ((await engine.facts()).isPodman) {
      await fails(docker.containers.attachWebSocket(id), "NoSuchContainer", 404);
      return;
    }
    const stream = await docker.containers.attachWebSocket(id, { stdin: true });
    await docker.containers.start(id);
    await stream.stdin.write("it\n");
    await stream.stdin.write("x".repeat(200_000));
    await assert.rejects(stream.stdin.end(), { name: "InvalidRequestError", parameter: "stdin" });
    assert.equal(await stream.text(), "got it\n200000\n");
    await fails(docker.containers.attachWebSocket(nobody), "NoSuchContainer", 404);
  });
});
