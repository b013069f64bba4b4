import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { EngineStreamError, ResponseError, StdinError } from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import type { RawConnection } from "../support/raw-server.ts";
import type { Seen } from "./support.ts";
import { wired } from "./wired.ts";

leakCheck();

/** Answers the handshake as RFC 6455 has it, with bytes in the same piece, and goes on with the script. */
function shakes(glued: string, then: (connection: RawConnection, request: Seen) => Promise<void> | void) {
  return async (request: Seen, connection: RawConnection): Promise<void> => {
    const key = /^Sec-WebSocket-Key: (.+)\r$/m.exec(request.head)?.[1] ?? "";
    const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    const head = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
    await connection.write(Buffer.from(`HTTP/1.1 101 Switching Protocols\r\n${head}${glued}`, "latin1"));
    await then(connection, request);
  };
}

/** Takes one frame of a client, which is short and masked. */
async function takeFrame(connection: RawConnection): Promise<[first: number, payload: string]> {
  const [first = 0, second = 0] = await connection.take(2);
  assert.ok(second & 0x80, "it is masked");
  const mask = await connection.take(4);
  const payload = await connection.take(second & 0x7f);
  return [first, payload.map((byte, at) => byte ^ (mask[at & 3] ?? 0)).toString()];
}

let seen: unknown[] = [];

wired(
  "a WebSocket shakes hands, keeps glued bytes, answers pings, sends binary messages and ends",
  {
    "/attach/ws": shakes("\x82\x05hello\x89\x02hi", async (connection, { head }) => {
      seen = [await takeFrame(connection), await takeFrame(connection), head];
      await connection.write(Buffer.from([0x88, 2, 3, 0xe8]));
      connection.close();
    }),
  },
  async ({ docker, lines }) => {
    const stream = await docker.containers.attachWebSocket("web", { stdin: true });
    const { value } = await stream.next();
    assert.deepEqual([value?.stream, String(value && Buffer.from(value.data))], ["stdout", "hello"]);
    const rest = stream.text();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await stream.stdin.write("typed");
    assert.equal(await rest, "");
    assert.deepEqual(seen.slice(0, 2), [
      [0x8a, "hi"],
      [0x82, "typed"],
    ]);
    assert.match(String(seen[2]), /\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n/);
    assert.match(String(seen[2]), /\r\nSec-WebSocket-Version: 13\r\n/);
    assert.match(lines[0] ?? "", /^GET \/containers\/web\/attach\/ws\?.*stdin=true/);
    await assert.rejects(stream.stdin.write("more"), StdinError);
  },
);

wired(
  "a WebSocket that is cut off, or closed for a failure, is an error",
  {
    "/cut/attach/ws": shakes("\x82\x05hel", (connection) => connection.close()),
    "/failed/attach/ws": shakes("\x88\x06\x03\xf3oops", (connection) => connection.close()),
  },
  async ({ docker }) => {
    await assert.rejects((await docker.containers.attachWebSocket("cut")).text(), ResponseError);
    const failed = await docker.containers.attachWebSocket("failed");
    await assert.rejects(failed.text(), EngineStreamError);
  },
);

wired(
  "an upgrade to something else than the WebSocket that was asked for is refused",
  {
    "/attach/ws": (_request, connection) =>
      connection.write(
        "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
      ),
  },
  async ({ docker, server }) => {
    await assert.rejects(docker.containers.attachWebSocket("web"), /not to a WebSocket/);
    await server.clientLeft(1);
  },
);
