import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Frame } from "../../src/codecs/frames.ts";
import { decodeText } from "../../src/codecs/text.ts";
import { TextError } from "../../src/errors/text-error.ts";
import { anyPlaces, cut, cutAt, everyChunkSize, readAll, Source } from "./support.ts";

const out = (data: Uint8Array): Frame => ({ stream: "stdout", data });
const err = (data: Uint8Array): Frame => ({ stream: "stderr", data });

async function framesOf(chunks: AsyncIterable<Uint8Array>): Promise<Source<Frame>> {
  return new Source((await readAll(chunks)).map(out));
}

describe("decodeText", () => {
  it("gives the same text whatever the size of the frames", async () => {
    const text = "\u{feff}héllo €\r\n🚢 \0 end";
    for (const size of everyChunkSize(Buffer.from(text))) {
      assert.equal(await decodeText(await framesOf(cut(Buffer.from(text), size))), text);
    }
  });

  it("gives any text back, however it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), anyPlaces, async (any, places) => {
        const bytes = Buffer.from(any);
        assert.equal(await decodeText(await framesOf(cutAt(bytes, places))), bytes.toString());
      }),
    );
  });

  it("puts the streams together in the order of arrival, without mixing the bytes of a character", async () => {
    const bytes = Buffer.from("é");
    const frames = [out(Buffer.from("1")), out(bytes.subarray(0, 1)), err(Buffer.from("ü2")), out(bytes.subarray(1))];
    assert.equal(await decodeText(new Source(frames)), "1ü2é");
  });

  it("throws where bytes are not UTF-8 and says at which byte of which stream they arrived", async () => {
    const frames = new Source([out(Buffer.from("abc")), err(Buffer.from("de")), err(Buffer.from([0xff]))]);
    await assert.rejects(decodeText(frames, { operation: "ContainerLogs" }), (error) => {
      assert.ok(error instanceof TextError);
      assert.equal(error.position, 2);
      assert.equal(error.operation, "ContainerLogs");
      return true;
    });
    assert.ok(frames.closed);
  });

  it("throws when a stream ends inside a character", async () => {
    await assert.rejects(decodeText(new Source([out(Buffer.from("€").subarray(0, 2))])), TextError);
  });

  it("collects up to the limit, then throws and closes the source", async () => {
    const frames = () => new Source([out(Buffer.from("abc")), err(Buffer.from("de")), out(Buffer.from("f"))]);
    assert.equal(await decodeText(frames(), {}, 6), "abcdef");
    const source = frames();
    await assert.rejects(decodeText(source, {}, 4), (error) => {
      assert.ok(error instanceof TextError);
      assert.equal(error.position, 4);
      assert.match(error.message, /^The text is longer than 4 bytes/);
      return true;
    });
    assert.ok(source.closed);
  });
});
