import assert from "node:assert/strict";
import {
  AbortError,
  EngineStreamError,
  ResponseError,
  StatusError,
  StdinError,
  UpgradeError,
} from "../../src/index.ts";
import { encodeFrame } from "../codecs/support.ts";
import { leakCheck } from "../support/leaks.ts";
import type { RawConnection } from "../support/raw-server.ts";
import { says, switching, wired } from "./wired.ts";

leakCheck();

const inspected = says(200, { Id: "c", Config: { Tty: false, StdinOnce: true } });

/** Upgrades, sends those bytes in the same piece, and goes on with the script. */
function upgrades(glued: string | Uint8Array, then: (connection: RawConnection) => Promise<void> | void = close) {
  return async (_request: unknown, connection: RawConnection): Promise<void> => {
    await connection.write(Buffer.concat([Buffer.from(switching("multiplexed")), Buffer.from(glued)]));
    await then(connection);
  };
}

function close(connection: RawConnection): void {
  connection.close();
}

wired(
  "attach asks for both outputs as a stream, and for an upgrade",
  { "/attach": upgrades("") },
  async ({ docker, lines }) => {
    assert.equal(await (await docker.containers.attach("web")).text(), "");
    assert.deepEqual(lines, ["POST /containers/web/attach?stream=true&stdin=false&stdout=true&stderr=true&logs=false"]);
    await (await docker.containers.attach("web", { stderr: true, logs: true, stream: false })).text();
    const query = new URLSearchParams(lines[1]?.split("?")[1]);
    const expected = { stream: "false", stdin: "false", stdout: "false", stderr: "true", logs: "true" };
    assert.deepEqual(Object.fromEntries(query), expected);
  },
);

wired(
  "frames that come glued to the 101 are the first that are read",
  {
    "/attach": upgrades(Buffer.concat([encodeFrame(1, "first "), encodeFrame(2, "sec")]), async (connection) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      await connection.write(encodeFrame(1, "third"));
      connection.close();
    }),
  },
  async ({ docker }) => {
    const frames: string[] = [];
    for await (const { stream, data } of docker.containers.attach("web")) {
      frames.push(`${stream} ${Buffer.from(data).toString()}`);
    }
    assert.deepEqual(frames, ["stdout first ", "stderr sec", "stdout third"]);
  },
);

wired(
  "below API 1.42 the container says whether its output is raw",
  {
    "/attach": async (_request, connection) => {
      await connection.write(`${switching("raw")}\x01\0\0\0\0\0\0\x02hi`);
      connection.close();
    },
    "/web/json": says(200, { Config: { Tty: true } }),
    "/job/json": says(200, { Config: { Tty: false } }),
    "/gone/json": says(404, { message: "No such container: gone" }),
  },
  async ({ docker, server }) => {
    assert.equal(await (await docker.containers.attach("web")).text(), "\x01\0\0\0\0\0\0\x02hi");
    assert.equal(await (await docker.containers.attach("job")).text(), "hi");
    await assert.rejects(docker.containers.attach("gone"), StatusError);
    await server.clientLeft(1); // the pooled connection of the inspection stays
  },
  "1.41",
);

for (const [status, kind] of [
  [400, "BadParameter"],
  [404, "NoSuchContainer"],
  [409, "Conflict"],
] as const) {
  wired(
    `a ${status} that answers an upgrade is an outcome, as JSON, and as text without a length`,
    {
      "/json/attach": says(status, { message: "it is so" }),
      "/text/attach": async (_request, connection) => {
        const type = "Content-Type: application/vnd.docker.raw-stream";
        await connection.write(`HTTP/1.1 ${status} Status\r\n${type}\r\n\r\nit is so\r\n`);
        connection.close();
      },
    },
    async ({ docker }) => {
      for (const id of ["json", "text"]) {
        const outcome = await docker.containers.attach(id).outcome();
        assert.deepEqual(outcome, { kind, status, error: { message: "it is so" } });
        await assert.rejects(docker.containers.attach(id), { name: "StatusError", kind, status });
        await assert.rejects(docker.containers.attach(id)[Symbol.asyncIterator]().next(), { kind });
      }
    },
  );
}

wired(
  "a stream that comes with 200 instead of 101 is refused at once, though it does not end",
  {
    "/attach": (_request, connection) =>
      connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nhello"),
    "/start": (_request, connection) => connection.write("HTTP/1.1 200 OK\r\n\r\nhello"),
  },
  async ({ docker, server }) => {
    await assert.rejects(docker.containers.attach("web"), UpgradeError);
    await assert.rejects(docker.containers.attachWebSocket("web"), UpgradeError);
    await assert.rejects(docker.execs.start("e", { Tty: false }), (error) => {
      return error instanceof UpgradeError && error.status === 200;
    });
    await server.clientLeft(1); // the one of the ping
  },
);

wired(
  "a truncated frame, and a frame that is an error, are thrown",
  {
    "/short/attach": upgrades(encodeFrame(1, "hello").subarray(0, 10)),
    "/error/attach": upgrades(encodeFrame(3, "out of disk")),
    "/reset/attach": upgrades(encodeFrame(1, "hello"), (connection) => connection.reset()),
  },
  async ({ docker }) => {
    await assert.rejects((await docker.containers.attach("short")).text(), ResponseError);
    await assert.rejects((await docker.containers.attach("error")).text(), (error) => {
      return error instanceof EngineStreamError && error.engineMessage === "out of disk";
    });
  },
);

wired(
  "a writer waits while the engine does not read, and fails with the stream's end",
  {
    "/attach": upgrades("", async (connection) => {
      connection.socket.pause();
      await new Promise((resolve) => setTimeout(resolve, 200));
      connection.halfClose(); // and never reads on: as an engine does whose process has ended
      await new Promise(() => {});
    }),
    "/json": inspected,
  },
  async ({ docker }) => {
    const stream = await docker.containers.attach("web", { stdin: true });
    let isSettled = false;
    const writing = stream.stdin.write(Buffer.alloc(16 * 1024 * 1024)).finally(() => {
      isSettled = true;
    });
    const failing = assert.rejects(writing, StdinError);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(isSettled, false);
    assert.equal(await stream.text(), "");
    await failing;
    await assert.rejects(stream.stdin.write("more"), StdinError);
    await stream.stdin.end();
  },
);

wired(
  "an abort, a close and a closed client end the stream and its input",
  { "/attach": upgrades(encodeFrame(1, "hello"), () => new Promise(() => {})), "/json": inspected },
  async ({ docker }) => {
    const controller = new AbortController();
    const stream = await docker.containers.attach("web", { stdin: true, signal: controller.signal });
    await stream.next();
    const next = stream.next();
    controller.abort();
    await assert.rejects(next, AbortError);
    await assert.rejects(stream.stdin.write("more"), AbortError);
    const second = await docker.containers.attach("web", { stdin: true });
    await second.close();
    assert.deepEqual(await second.next(), { done: true, value: undefined });
    const third = await docker.containers.attach("web");
    const failing = assert.rejects(third.text(), AbortError);
    await docker.close();
    await failing;
  },
);

wired(
  "destroying one Node stream leaves the other, destroying both closes the connection",
  {
    "/attach": upgrades("", async (connection) => {
      while (!connection.clientGone) {
        await connection.write(Buffer.concat([encodeFrame(1, "o".repeat(9_000)), encodeFrame(2, "e".repeat(9_000))]));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      connection.close();
    }),
  },
  async ({ docker, server }) => {
    const { stdin, stdout, stderr } = (await docker.containers.attach("web")).toNodeStreams();
    stderr.destroy();
    let seen = 0;
    for await (const chunk of stdout) {
      seen += chunk.length;
      if (seen > 500_000) {
        break;
      }
    }
    assert.ok(stdout.destroyed);
    await server.clientLeft(1);
    const failed = new Promise((resolve) => stdin.once("error", resolve));
    stdin.write("hello");
    assert.match(String(await failed), /not attached/);
  },
);

wired(
  "an unexpected answer to a resize is thrown",
  { "/attach": upgrades("", () => new Promise(() => {})), "/resize": says(409, { message: "not running" }) },
  async ({ docker }) => {
    await using stream = await docker.containers.attach("web");
    await assert.rejects(stream.resize({ h: 1, w: 1 }), { status: 409 });
  },
);
