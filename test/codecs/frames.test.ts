import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeFrames, type Frame, rawFrames } from "../../src/codecs/frames.ts";
import { EngineStreamError } from "../../src/errors/engine-stream-error.ts";
import { FrameError } from "../../src/errors/frame-error.ts";
import { ResponseError } from "../../src/errors/response-error.ts";
import { anyPlaces, cut, cutAt, encodeFrame, everyChunkSize, isTyped, read, readAll } from "./support.ts";

const context = { operation: "ContainerLogs", method: "GET", path: "/v1.47/containers/web/logs" };
const origin = { status: 200, context };
const decode = (bytes: Uint8Array, size: number) => decodeFrames(cut(bytes, size), origin);

/** The bytes of each stream in a row, with the pieces of a frame put together. */
function join(frames: readonly Frame[]): [string, string][] {
  const joined: [string, string][] = [];
  for (const { stream, data } of frames) {
    const last = joined.at(-1);
    const hex = Buffer.from(data).toString("hex");
    if (last?.[0] === stream) {
      last[1] += hex;
    } else {
      joined.push([stream, hex]);
    }
  }
  return joined;
}

const sample = Buffer.concat([
  encodeFrame(1, "héllo €\n"),
  encodeFrame(2, "wärn\n"),
  encodeFrame(1, ""),
  encodeFrame(0, "typed"),
  encodeFrame(2, "x".repeat(300)),
  encodeFrame(1, Buffer.from([0, 1, 2, 3, 255])),
]);

describe("decodeFrames", () => {
  it("gives the same bytes whatever the size of the chunks", async () => {
    const whole = join(await readAll(decode(sample, sample.length)));
    assert.deepEqual(
      whole.map(([stream]) => stream),
      ["stdout", "stderr", "stdin", "stderr", "stdout"],
    );
    for (const size of everyChunkSize(sample)) {
      assert.deepEqual(join(await readAll(decode(sample, size))), whole, `chunks of ${size}`);
    }
  });

  it("gives a frame that lies inside a chunk in one piece, without copying it", async () => {
    const frames = await readAll(decode(sample, sample.length));
    assert.equal(frames.length, 5);
    for (const { data } of frames) {
      assert.equal(data.buffer, sample.buffer);
    }
  });

  it("gives the pieces of a frame as they arrive", async () => {
    const stream = decodeFrames(cut(encodeFrame(1, "abcdef"), 10), origin);
    assert.deepEqual(await stream.next(), { done: false, value: { stream: "stdout", data: Buffer.from("ab") } });
    assert.deepEqual(await stream.next(), { done: false, value: { stream: "stdout", data: Buffer.from("cdef") } });
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
  });

  it("decodes any frames, however they are cut", async () => {
    const anyFrame = fc.tuple(fc.nat(2), fc.uint8Array({ maxLength: 70 }));
    await fc.assert(
      fc.asyncProperty(fc.array(anyFrame), anyPlaces, async (frames, places) => {
        const bytes = Buffer.concat(frames.map(([type, payload]) => encodeFrame(type, payload)));
        const names = ["stdin", "stdout", "stderr"] as const;
        const given = frames
          .filter(([, data]) => data.length > 0)
          .map(([type, data]) => ({ stream: names[type] ?? "stdin", data }));
        assert.deepEqual(join(await readAll(decodeFrames(cutAt(bytes, places), origin))), join(given));
      }),
    );
  });

  it("meets garbage with bytes or a typed error", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ max: 4, maxLength: 200 }), anyPlaces, async (bytes, places) => {
        assert.ok(isTyped(await read(decodeFrames(cutAt(bytes, places), origin))));
      }),
    );
  });

  it("throws wherever the stream is truncated, except between two frames", async () => {
    const frames = [encodeFrame(1, "abc"), encodeFrame(2, ""), encodeFrame(2, "de")];
    const bytes = Buffer.concat(frames);
    const ends = new Set([0, 11, 19, 29]);
    for (let length = 0; length <= bytes.length; length += 1) {
      for (const size of [1, 5, bytes.length]) {
        const { error } = await read(decode(bytes.subarray(0, length), size));
        if (ends.has(length)) {
          assert.equal(error, undefined, `${length} bytes`);
        } else {
          assert.ok(error instanceof ResponseError, `${length} bytes in chunks of ${size}`);
          assert.equal(error.receivedBytes, length);
          assert.equal(error.status, 200);
          assert.equal(error.operation, "ContainerLogs");
        }
      }
    }
  });

  it("gives what came of a truncated frame before it throws", async () => {
    const { values, error } = await read(decode(encodeFrame(1, "abcdef").subarray(0, 12), 100));
    assert.deepEqual(join(values), [["stdout", Buffer.from("abcd").toString("hex")]]);
    assert.ok(error instanceof ResponseError);
  });

  it("throws at a header that is not one and says where it is", async () => {
    const bad = [[4, 0, 0, 0], [255, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1], [...Buffer.from("HTTP")]];
    for (const start of bad) {
      const bytes = Buffer.concat([encodeFrame(1, "abc"), Buffer.from([...start, 0, 0, 0, 1, 65])]);
      for (const size of everyChunkSize(bytes)) {
        const { values, error } = await read(decode(bytes, size));
        assert.equal(Buffer.concat(values.map(({ data }) => data)).toString(), "abc");
        assert.ok(error instanceof FrameError);
        assert.equal(error.position, 11);
        assert.match(
          error.message,
          new RegExp(`^The bytes ${Buffer.from(start).toString("hex")}00000001 at 11 are not`),
        );
        assert.equal(error.path, context.path);
      }
    }
  });

  it("throws the engine's own error, after the output that came before it", async () => {
    const bytes = Buffer.concat([
      encodeFrame(1, "ok"),
      encodeFrame(3, "Error grabbing logs: é\n"),
      encodeFrame(1, "no"),
    ]);
    for (const size of everyChunkSize(bytes)) {
      const { values, error } = await read(decode(bytes, size));
      assert.equal(Buffer.concat(values.map(({ data }) => data)).toString(), "ok");
      assert.ok(error instanceof EngineStreamError);
      assert.equal(error.engineMessage, "Error grabbing logs: é");
      assert.equal(error.operation, "ContainerLogs");
    }
  });

  it("throws an engine's error that has no words", async () => {
    const { error } = await read(decode(encodeFrame(3, ""), 8));
    assert.ok(error instanceof EngineStreamError);
    assert.equal(error.engineMessage, "an error without a message");
  });

  it("keeps at most 64 KiB of an engine's error, and does not wait for the rest", async () => {
    const header = Buffer.from([3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    const bytes = Buffer.concat([header, Buffer.alloc(100_000, "e")]);
    for (const size of [1000, bytes.length]) {
      const { error } = await read(decode(bytes, size));
      assert.ok(error instanceof EngineStreamError);
      assert.equal(error.engineMessage.length, 65_536);
    }
  });

  it("takes a length of 4 GiB for one, without allocating it", async () => {
    for (const type of [1, 3]) {
      const bytes = Buffer.concat([Buffer.from([type, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]), Buffer.from("abc")]);
      const before = process.memoryUsage().arrayBuffers;
      const { error } = await read(decode(bytes, 4));
      assert.ok(error instanceof ResponseError);
      assert.equal(error.receivedBytes, 11);
      assert.ok(process.memoryUsage().arrayBuffers - before < 1024 * 1024);
    }
  });

  it("reads a chunk of a hundred thousand tiny frames without recursion", async () => {
    const bytes = Buffer.concat(
      Array.from({ length: 100_000 }, () => encodeFrame(2, "")).concat(encodeFrame(1, "end")),
    );
    const frames = await readAll(decode(bytes, bytes.length));
    assert.deepEqual(join(frames), [["stdout", Buffer.from("end").toString("hex")]]);
  });

  it("closes the source when its reader leaves and when it fails", async () => {
    const left = cut(sample, 10);
    for await (const _ of decodeFrames(left, origin)) {
      break;
    }
    assert.ok(left.closed);
    const failed = cut(Buffer.concat([Buffer.alloc(8, 9), sample]), 10);
    await read(decodeFrames(failed, origin));
    assert.ok(failed.closed);
  });
});

describe("rawFrames", () => {
  it("gives every chunk as it is, as output", async () => {
    const bytes = Buffer.from([1, 0, 0, 0, 255, 255, 255, 255, 65]);
    const frames = await readAll(rawFrames(cut(bytes, 4)));
    assert.deepEqual(
      frames.map(({ stream, data }) => [stream, data.length]),
      [
        ["stdout", 4],
        ["stdout", 4],
        ["stdout", 1],
      ],
    );
    assert.deepEqual(Buffer.concat(frames.map(({ data }) => data)), bytes);
  });

  it("skips empty chunks", async () => {
    assert.deepEqual(await readAll(rawFrames(cutAt(Buffer.from("ab"), [0, 0, 1, 1]))), [
      { stream: "stdout", data: Buffer.from("a") },
      { stream: "stdout", data: Buffer.from("b") },
    ]);
  });
});
