import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { AbortError, Docker, TimeoutError } from "../../src/index.ts";
import { forEachEngine, type TestEngine } from "../support/engines.ts";
import { leakCheck } from "../support/leaks.ts";
import { tarOf } from "../support/tar.ts";
import { sshHosts, tlsHosts, type Way, waysTo } from "../support/ways.ts";
import { nobody, until, useWorkbench } from "./support.ts";

const { CI } = process.env;

for (const [kind, hosts] of Object.entries({ TLS: tlsHosts, SSH: sshHosts })) {
  if (hosts.size === 0) {
    const title = `connections over ${kind} are not tested: no engine in FAIRLEAD_TEST_${kind}`;
    console.error(title);
    it(title, { skip: CI === undefined }, () => assert.fail(title));
  }
}

const mebibyte = 1024 * 1024;

/** Pieces of 64 KiB in which every place can be told from its neighbours, and whether somebody is taking them. */
function bigSource(bytes: number): { pieces: AsyncGenerator<Uint8Array>; sent: () => number; isOpen: () => boolean } {
  let sent = 0;
  let isOpen = false;
  const pieces = (async function* () {
    isOpen = true;
    try {
      for (; sent < bytes; sent += 65536) {
        const piece = Buffer.alloc(65536);
        for (let at = 0; at < 65536; at += 4) {
          piece.writeUInt32BE(sent + at, at);
        }
        yield piece;
      }
    } finally {
      isOpen = false;
    }
  })();
  return { pieces, sent: () => sent, isOpen: () => isOpen };
}

forEachEngine("an engine", (engine) => {
  for (const way of waysTo(engine)) {
    describe(`over ${way.name}`, () => scenarios(engine, way));
  }
});

function scenarios(engine: TestEngine, way: Way): void {
  const { create, start } = useWorkbench(engine);
  let options: Awaited<ReturnType<Way["open"]>>;
  let docker: Docker;
  before(async () => {
    options = await way.open();
    docker = new Docker(options);
  });
  after(async () => {
    await docker.close();
    await options[Symbol.asyncDispose]();
  });
  leakCheck();

  it("answers calls one after the other, and many at once", async () => {
    const id = await start();
    for (let i = 0; i < 10; i += 1) {
      assert.equal((await docker.containers.inspect(id)).Id, id);
    }
    const many = await Promise.all(Array.from({ length: 30 }, () => docker.containers.inspect(id)));
    assert.deepEqual(new Set(many.map(({ Id }) => Id)), new Set([id]));
  });

  it("ends the input of an exec alone, and goes on to receive", async () => {
    const id = await start();
    const command = ["sh", "-c", "cat; sleep 0.3; echo ended; echo error >&2; exit 7"];
    const result = await docker.containers.exec(id, command, { stdin: "hello\n" });
    assert.deepEqual(result, { exitCode: 7, stdout: "hello\nended\n", stderr: "error\n" });
  });

  it("ends the input of an attached container alone, and goes on to receive", async () => {
    const script = "cat; sleep 0.3; echo ended";
    const id = await create({ Cmd: ["sh", "-c", script], OpenStdin: true, StdinOnce: true });
    const stream = await docker.containers.attach(id, { stdin: true });
    await docker.containers.start(id);
    await stream.stdin.write("hello\n");
    await stream.stdin.end();
    assert.equal(await stream.text(), "hello\nended\n");
  });

  // Deno's node:tls at times does not tell that the other side has ended while the socket was paused, and what it sends
  // while it does not read (observed on 2.9.6).
  const losesEnds = way.name === "tls" && "Deno" in globalThis;
  it("passes four mebibytes both ways unchanged, though they are read slowly", { skip: losesEnds }, async () => {
    const id = await start();
    const { pieces } = bigSource(4 * mebibyte);
    let at = 0;
    const config = { Cmd: ["cat"], AttachStdin: true, AttachStdout: true };
    const { Id } = await docker.execs.create(id, config);
    const stream = await docker.execs.start(Id, { Tty: false });
    const sending = (async () => {
      for await (const piece of pieces) {
        await stream.stdin.write(piece);
      }
      await stream.stdin.end();
    })();
    const received: Uint8Array[] = [];
    for await (const { data } of stream) {
      received.push(data);
      at += data.length;
      if (received.length % 50 === 0) {
        await delay(5);
      }
    }
    await sending;
    assert.equal(at, 4 * mebibyte);
    const all = Buffer.concat(received);
    for (let place = 0; place < all.length; place += 4) {
      if (all.readUInt32BE(place) !== place) {
        assert.fail(`other bytes at ${place}`);
      }
    }
  });

  it("takes and gives tars", async () => {
    const id = await start();
    const content = Buffer.alloc(2 * mebibyte, "fairlead ");
    await docker.containers.putArchive(id, tarOf({ name: "file", body: content }), { path: "/tmp" });
    const { stdout } = await docker.containers.exec(id, ["sh", "-c", "wc -c < /tmp/file"]);
    assert.equal(Number(stdout), content.length);
    let bytes = 0;
    for await (const piece of await docker.containers.getArchive(id, { path: "/tmp/file" })) {
      bytes += piece.length;
    }
    assert.ok(bytes > content.length);
  });

  it("answers an upload that nobody wants before it is sent, and it stops", { skip: losesEnds }, async () => {
    const source = bigSource(512 * mebibyte);
    const outcome = await docker.containers.putArchive(nobody, source.pieces, { path: "/" }).outcome();
    assert.equal(outcome.status, 404);
    await until(() => !source.isOpen(), "the source is left");
    assert.ok(source.sent() < 256 * mebibyte, `${source.sent()} bytes were sent`);
  });

  it("ends calls, streams and hijacked connections that are aborted", async () => {
    const id = await start();
    const logs = new AbortController();
    const following = docker.containers.logs(id, { follow: true, signal: logs.signal }).text();
    const waiting = docker.containers.wait(id, { signal: logs.signal });
    const { Id } = await docker.execs.create(id, { Cmd: ["sleep", "300"], AttachStdin: true, AttachStdout: true });
    const stream = await docker.execs.start(Id, { Tty: false, signal: logs.signal });
    const reading = stream.text();
    setTimeout(() => logs.abort("enough"), 200);
    for (const call of [following, waiting, reading]) {
      await assert.rejects(call, (error) => error instanceof AbortError && error.cause === "enough");
    }
    assert.equal((await docker.containers.inspect(id)).State?.Running, true);
  });

  it("keeps the limits of a call", async () => {
    const id = await start();
    await assert.rejects(docker.containers.wait(id, { timeouts: { idleMs: 200, headersMs: 200 } }), TimeoutError);
  });

  it("leaves nothing when it is closed in the middle", async () => {
    const id = await start();
    const other = new Docker(options);
    const following = other.containers.logs(id, { follow: true }).text();
    const failing = assert.rejects(following, AbortError);
    await other.system.version();
    await other.close();
    await failing;
  });
}
