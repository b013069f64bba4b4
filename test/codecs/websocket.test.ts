import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeWebSocket, encodeWebSocketFrame } from "../../src/codecs/websocket.ts";
import { EngineStreamError } from "../../src/errors/engine-stream-error.ts";
import { FrameError } from "../../src/errors/frame-error.ts";
import { ResponseError } from "../../src/errors/response-error.ts";
import { cut, everyChunkSize, read } from "./support.ts";

const origin = { status: 101 };

/** A frame as a server sends it: not masked. */
function frame(first: number, payload: string | Uint8Array): Buffer {
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.from([first, length])
      : length < 65_536
        ? Buffer.from([first, 126, length >> 8, length & 255])
        : Buffer.from([first, 127, 0, 0, 0, 0, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255]);
  return Buffer.concat([head, Buffer.from(payload)]);
}

async function decode(
  bytes: Uint8Array,
  size = bytes.length,
): Promise<{ data: string; error: unknown; last: unknown }> {
  const { values, error } = await read(decodeWebSocket(cut(bytes, size), origin));
  const data = values.map((piece) => ("data" in piece ? Buffer.from(piece.data).toString("latin1") : "")).join("");
  return { data, error, last: values.at(-1) };
}

test("a frame is masked, and has its length in the shortest form", () => {
  const mask = Buffer.from([1, 2, 3, 4]);
  const hello = encodeWebSocketFrame("binary", Buffer.from("hello"), mask);
  assert.deepEqual([...hello], [0x82, 0x85, 1, 2, 3, 4, 0x69, 0x67, 0x6f, 0x68, 0x6e]);
  const long = (length: number) => [...encodeWebSocketFrame("binary", Buffer.alloc(length), mask).subarray(1, 11)];
  assert.deepEqual(long(125).slice(0, 5), [0x80 | 125, 1, 2, 3, 4]);
  assert.deepEqual(long(126).slice(0, 7), [0x80 | 126, 0, 126, 1, 2, 3, 4]);
  assert.deepEqual(long(65_535).slice(0, 7), [0x80 | 126, 255, 255, 1, 2, 3, 4]);
  assert.deepEqual(long(65_536), [0x80 | 127, 0, 0, 0, 0, 0, 1, 0, 0, 1]);
  assert.notDeepEqual(encodeWebSocketFrame("pong", mask), encodeWebSocketFrame("pong", mask));
});

test("messages of every length, in fragments or not, are read whatever the chunks are", async () => {
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536]) {
    const text = "x".repeat(length);
    const { data, error, last } = await decode(Buffer.concat([frame(0x82, text), frame(0x88, "")]), 1_000);
    assert.deepEqual([data === text, error, last], [true, undefined, { end: true }], `${length}`);
  }
  const ping = frame(0x89, "are you there");
  const bytes = Buffer.concat([
    frame(0x02, "he"),
    ping,
    frame(0x80, "llo "),
    frame(0x81, "you"),
    frame(0x88, Buffer.from([3, 232])),
  ]);
  for (const size of everyChunkSize(bytes)) {
    const { values, error } = await read(decodeWebSocket(cut(bytes, size), origin));
    assert.equal(error, undefined);
    const data = values.flatMap((piece) => ("data" in piece ? [...piece.data] : []));
    assert.equal(Buffer.from(data).toString(), "hello you");
    const pings = values.flatMap((piece) => ("ping" in piece ? [Buffer.from(piece.ping).toString()] : []));
    assert.deepEqual(pings, ["are you there"]);
  }
});

test("a close with another code than 1000 is an error with its reason", async () => {
  const { error } = await decode(frame(0x88, Buffer.from("\x03\xf3broken", "latin1")));
  assert.ok(error instanceof EngineStreamError);
  assert.deepEqual([error.code, error.engineMessage], [1011, "broken"]);
});

test("a stream that ends without a close is truncated, wherever it ends", async () => {
  const bytes = Buffer.concat([frame(0x82, "hello"), frame(0x89, "ping"), frame(0x82, "x".repeat(200))]);
  for (let length = 0; length <= bytes.length; length += 1) {
    const { error } = await decode(bytes.subarray(0, length), 1_000);
    assert.ok(error instanceof ResponseError, `${length}`);
    assert.equal(error.receivedBytes, length);
  }
});

test("what is no frame of a server is an error with its position", async () => {
  for (const [name, first, second] of [
    ["a reserved bit", 0xc2, 0],
    ["an unknown opcode", 0x83, 0],
    ["a mask", 0x82, 0x80],
    ["a fragment of a ping", 0x09, 0],
    ["a ping that is too long", 0x89, 126],
  ] as const) {
    const { error } = await decode(Buffer.concat([frame(0x82, "hello"), Buffer.from([first, second, 0, 126, 0, 0])]));
    assert.ok(error instanceof FrameError, name);
    assert.equal(error.position, 7, name);
  }
});
