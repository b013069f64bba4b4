import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Frame } from "../../src/codecs/frames.ts";
import { decodeLines, type Line } from "../../src/codecs/lines.ts";
import { TextError } from "../../src/errors/text-error.ts";
import { anyPlaces, countBytes, cut, cutAt, everyChunkSize, isTyped, read, readAll, Source } from "./support.ts";

const context = { operation: "ContainerLogs" };

async function* framesOf(chunks: AsyncIterable<Uint8Array>, stream: Frame["stream"] = "stdout"): AsyncGenerator<Frame> {
  for await (const data of chunks) {
    yield { stream, data };
  }
}

const decode = (bytes: Uint8Array, size: number) => decodeLines(framesOf(cut(bytes, size)), context);
const texts = (lines: readonly Line[]) => lines.map(({ text }) => text);

describe("decodeLines", () => {
  const sample = Buffer.from("naïve €\n\r\n\nfour\r\r\nfive\rstill five\n\u{feff}BOM 🚢\nlast");
  const expected = ["naïve €", "", "", "four\r", "five\rstill five", "\u{feff}BOM 🚢", "last"];

  it("gives the same lines whatever the size of the frames", async () => {
    for (const size of everyChunkSize(sample)) {
      assert.deepEqual(texts(await readAll(decode(sample, size))), expected, `frames of ${size}`);
    }
  });

  it("needs no line's end after the last line, and makes no line of nothing", async () => {
    assert.deepEqual(texts(await readAll(decode(Buffer.from("a\nb"), 1))), ["a", "b"]);
    assert.deepEqual(texts(await readAll(decode(Buffer.from("a\nb\n"), 1))), ["a", "b"]);
    assert.deepEqual(texts(await readAll(decode(Buffer.from("\n"), 1))), [""]);
    assert.deepEqual(texts(await readAll(decode(Buffer.from(""), 1))), []);
  });

  it("keeps a carriage return that ends the last line, as no line's end follows it", async () => {
    assert.deepEqual(texts(await readAll(decode(Buffer.from("100%\r"), 2))), ["100%\r"]);
  });

  it("puts the lines of each stream together apart", async () => {
    const frames: Frame[] = [
      { stream: "stdout", data: Buffer.from("o€".slice(0, 1)) },
      { stream: "stderr", data: Buffer.from("e1\ne2") },
      { stream: "stdout", data: Buffer.from("ut\nrest") },
      { stream: "stderr", data: Buffer.from(" more\n") },
    ];
    assert.deepEqual(await readAll(decodeLines(new Source(frames))), [
      { stream: "stderr", text: "e1" },
      { stream: "stdout", text: "out" },
      { stream: "stderr", text: "e2 more" },
      { stream: "stdout", text: "rest" },
    ]);
  });

  it("does not mix the bytes of a character with another stream's", async () => {
    const [first, ...rest] = Buffer.from("é");
    const frames: Frame[] = [
      { stream: "stdout", data: Uint8Array.of(first ?? 0) },
      { stream: "stderr", data: Uint8Array.of(...Buffer.from("ü\n")) },
      { stream: "stdout", data: Uint8Array.from([...rest, 10]) },
    ];
    assert.deepEqual(await readAll(decodeLines(new Source(frames))), [
      { stream: "stderr", text: "ü" },
      { stream: "stdout", text: "é" },
    ]);
  });

  it("splits any text as its line feeds do, however it is cut", async () => {
    const anyText = fc.array(
      fc.oneof(fc.string({ unit: "binary", maxLength: 8 }), fc.constantFrom("\n", "\r\n", "\r")),
    );
    await fc.assert(
      fc.asyncProperty(anyText, anyPlaces, async (parts, places) => {
        const text = Buffer.from(parts.join("")).toString();
        const lines = text.split("\n");
        const last = lines.pop();
        const wanted = [...lines.map((line) => line.replace(/\r$/, "")), ...(last ? [last] : [])];
        assert.deepEqual(texts(await readAll(decodeLines(framesOf(cutAt(Buffer.from(text), places))))), wanted);
      }),
    );
  });

  it("throws at a line that is not UTF-8, after the lines before it, and says where that line begins", async () => {
    for (const bad of ["\xff", "\xc3", "\xed\xa0\x80", "\xf0\x9f\x98", "\xc0\xaf"]) {
      const bytes = Buffer.concat([Buffer.from("é\r\nok\nx"), Buffer.from(bad, "latin1"), Buffer.from("\nnever")]);
      for (const size of everyChunkSize(bytes)) {
        const { values, error } = await read(decode(bytes, size));
        assert.deepEqual(texts(values), ["é", "ok"]);
        assert.ok(error instanceof TextError);
        assert.equal(error.position, 7);
        assert.equal(error.message, "The line at byte 7 of stdout is not UTF-8 (ContainerLogs)");
      }
    }
  });

  it("throws when the stream ends inside a character", async () => {
    const bytes = Buffer.from("ok\n€");
    for (let length = bytes.length - 2; length < bytes.length; length += 1) {
      const { values, error } = await read(decode(bytes.subarray(0, length), 2));
      assert.deepEqual(texts(values), ["ok"]);
      assert.ok(error instanceof TextError);
      assert.equal(error.position, 3);
    }
  });

  it("allows lines up to the limit, and throws at one that is longer, wherever it is cut", async () => {
    const bytes = Buffer.from("12345\n123456\n");
    for (const size of everyChunkSize(bytes)) {
      assert.deepEqual(texts(await readAll(decodeLines(framesOf(cut(bytes, size)), context, 6))), ["12345", "123456"]);
      const { values, error } = await read(decodeLines(framesOf(cut(bytes, size)), context, 5));
      assert.deepEqual(texts(values), ["12345"]);
      assert.ok(error instanceof TextError);
      assert.equal(error.position, 6);
      assert.match(error.message, /^The line at byte 6 of stdout is longer than 5 bytes/);
    }
  });

  it("throws at a line that never ends before it has all of it", async () => {
    const endless = (async function* (): AsyncGenerator<Frame> {
      for (;;) {
        yield { stream: "stderr", data: Buffer.alloc(1000, "x") };
      }
    })();
    const { error } = await read(decodeLines(endless, context, 10_000));
    assert.ok(error instanceof TextError);
  });

  it("works in proportion to the bytes, for one long line in small frames as for many short ones", async () => {
    const length = 300_000;
    const long = await countBytes(() => readAll(decode(Buffer.alloc(length, "x"), 64)));
    const short = await countBytes(() => readAll(decode(Buffer.from("x\n".repeat(length / 2)), 64)));
    assert.ok(long >= length, `${long} is less than the bytes there are: nothing was counted`);
    assert.ok(long <= 6 * length, `${long} bytes of work for ${length}`);
    assert.ok(short <= 6 * length, `${short} bytes of work for ${length}`);
  });

  it("meets garbage with lines or a typed error", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), anyPlaces, async (bytes, places) => {
        assert.ok(isTyped(await read(decodeLines(framesOf(cutAt(bytes, places))))));
      }),
    );
  });

  it("closes the source when its reader leaves", async () => {
    const source = new Source<Frame>([{ stream: "stdout", data: Buffer.from("a\nb\n") }]);
    for await (const _ of decodeLines(source)) {
      break;
    }
    assert.ok(source.closed);
  });
});
