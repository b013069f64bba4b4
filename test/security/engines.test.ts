import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Docker,
  EngineStreamError,
  FrameError,
  JsonError,
  RequestError,
  ResponseError,
  StatusError,
  TextError,
} from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { type RawConnection, RawServer } from "../support/raw-server.ts";

leakCheck();

const MiB = 1024 * 1024;

/** Answers the first request with `head`, and then sends `filler` until the client leaves. */
function hostile(
  name: string,
  { head, filler, limitMiB }: { head: string; filler: string | Buffer; limitMiB: number },
  ask: (docker: Docker) => Promise<unknown>,
): void {
  test(name, { timeout: 600_000 }, async () => {
    let sentBytes = 0;
    const server = await RawServer.listen("unix", async (connection) => {
      await connection.head();
      await connection.write(head);
      sentBytes = await fill(connection, filler);
    });
    const docker = new Docker({ host: server.dialer.endpoint, apiVersion: "1.51" });
    try {
      await ask(docker);
      await server.clientLeft();
      assert.ok(sentBytes < limitMiB * MiB, `the client took ${sentBytes} bytes`);
    } finally {
      await docker.close();
      await server.close();
    }
  });
}

async function fill(connection: RawConnection, filler: string | Buffer): Promise<number> {
  let sentBytes = 0;
  while (!connection.clientGone) {
    await Promise.race([connection.write(filler), connection.rest()]);
    sentBytes += filler.length;
  }
  return sentBytes;
}

const ok = "HTTP/1.1 200 OK\r\n";
const frames = "Content-Type: application/vnd.docker.multiplexed-stream\r\n\r\n";
const json = "Content-Type: application/json\r\n\r\n";

hostile(
  "an engine whose headers never end is a RequestError",
  { head: ok, filler: `X-A: ${"a".repeat(10_000)}\r\n`, limitMiB: 4 },
  async (docker) => {
    await assert.rejects(Promise.resolve(docker.system.info()), (error) => {
      assert.ok(error instanceof RequestError, String(error));
      assert.match(error.message, /headers are too large/);
      return true;
    });
  },
);

hostile(
  "of an error whose body never ends a mebibyte is kept",
  { head: "HTTP/1.1 500 Error\r\n\r\n", filler: "x".repeat(65_536), limitMiB: 8 },
  async (docker) => {
    await assert.rejects(Promise.resolve(docker.system.info()), (error) => {
      assert.ok(error instanceof StatusError, String(error));
      assert.ok(error.message.length < 2 * MiB, `the message has ${error.message.length} characters`);
      return true;
    });
  },
);

hostile(
  "an answer that never ends is a ResponseError",
  { head: ok + json, filler: " ".repeat(MiB), limitMiB: 160 },
  async (docker) => {
    await assert.rejects(Promise.resolve(docker.containers.list()), (error) => {
      assert.ok(error instanceof ResponseError, String(error));
      assert.equal(error.operation, "ContainerList");
      return true;
    });
  },
);

hostile(
  "of an answer that has nothing to say no more than a mebibyte is read",
  { head: ok + json, filler: "x".repeat(65_536), limitMiB: 8 },
  async (docker) => {
    await docker.networks.connect("n", { Container: "c" });
  },
);

hostile(
  "a line of a log that never ends is a TextError",
  { head: ok + frames, filler: frame("x".repeat(65_528)), limitMiB: 32 },
  async (docker) => {
    await assert.rejects(async () => {
      for await (const _line of docker.containers.logs("c").lines()) {
        assert.fail("there is no whole line");
      }
    }, TextError);
  },
);

hostile(
  "an event that never ends is a JsonError",
  { head: ok + json, filler: "1".repeat(65_536), limitMiB: 96 },
  async (docker) => {
    await assert.rejects(async () => {
      for await (const _event of docker.system.events()) {
        assert.fail("there is no whole event");
      }
    }, JsonError);
  },
);

hostile(
  "an error of an engine's that claims 4 GiB is kept to its first 64 KiB",
  { head: `${ok}${frames}\x03\0\0\0\x7f\x7f\x7f\x7f`, filler: "x".repeat(65_536), limitMiB: 8 },
  async (docker) => {
    await assert.rejects(Promise.resolve(docker.containers.logs("c").text()), (error) => {
      assert.ok(error instanceof EngineStreamError, String(error));
      assert.ok(error.message.length < 70_000);
      return true;
    });
  },
);

test("a frame that claims 4 GiB takes no memory, and its end without them is a ResponseError", async () => {
  const claimed = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  await using server = await RawServer.listen("unix", async (connection) => {
    await connection.head();
    await connection.write(ok + frames);
    await connection.write(Buffer.concat([claimed, Buffer.from("hello")]));
    connection.close();
  });
  await using docker = new Docker({ host: server.dialer.endpoint, apiVersion: "1.51" });
  const before = process.memoryUsage().arrayBuffers;
  await assert.rejects(Promise.resolve(docker.containers.logs("c").text()), ResponseError);
  assert.ok(process.memoryUsage().arrayBuffers - before < 16 * MiB);
});

test("what is no frame is a FrameError and not output", async () => {
  await using server = await RawServer.listen("unix", async (connection) => {
    await connection.head();
    await connection.write(`${ok}${frames}<html>this is no log</html>`);
    await connection.rest();
  });
  await using docker = new Docker({ host: server.dialer.endpoint, apiVersion: "1.51" });
  await assert.rejects(Promise.resolve(docker.containers.logs("c").text()), FrameError);
});

function frame(text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(text.length, 4);
  return Buffer.concat([header, Buffer.from(text)]);
}
