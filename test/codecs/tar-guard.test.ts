import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import fc from "fast-check";
import { guardTar } from "../../src/codecs/tar-guard.ts";
import { EngineStreamError } from "../../src/errors/engine-stream-error.ts";
import { ResponseError } from "../../src/errors/response-error.ts";
import { entryOf, tarEnd, tarOf } from "../support/tar.ts";
import { anyPlaces, countBytes, cut, cutAt, everyChunkSize, isTyped, type Reading, read, Source } from "./support.ts";

const origin = { status: 200, context: { operation: "ContainerExport" } };
const guard = (source: AsyncIterable<Uint8Array>): Promise<Reading<Uint8Array>> => read(guardTar(source, origin));
const whole = tarOf(
  { name: "d/", type: "5" },
  { name: "d/a", body: "some bytes" },
  { name: "d/b", body: Buffer.alloc(512, 1) },
  { name: "d/l", type: "2", link: "a", size: 7 },
);

const small = tarOf({ name: "a", body: "some bytes" });

/** Checks with every chunk size; gives the bytes that came before the error. */
async function failsAlways(bytes: Uint8Array, kind: typeof EngineStreamError | typeof ResponseError, message: RegExp) {
  for (const size of everyChunkSize(bytes)) {
    const { values, error } = await guard(cut(bytes, size));
    assert.ok(error instanceof kind, `chunks of ${size} bytes: ${error}`);
    assert.match(error.message, message);
    assert.equal(error.operation, "ContainerExport");
    const passed = Buffer.concat(values);
    assert.ok(passed.equals(bytes.subarray(0, passed.length)));
  }
}

describe("a tar is passed on as it came", () => {
  it("in chunks of any size, as the same pieces", async () => {
    for (const size of everyChunkSize(whole)) {
      const source = cut(whole, size);
      const { values, error } = await guard(source);
      assert.equal(error, undefined);
      assert.ok(Buffer.concat(values).equals(whole));
      assert.ok(values.every((value) => value.buffer === whole.buffer));
    }
  });

  it("cut at any places", async () => {
    await fc.assert(
      fc.asyncProperty(anyPlaces, async (places) => {
        const { values, error } = await guard(cutAt(whole, places));
        assert.equal(error, undefined);
        assert.ok(Buffer.concat(values).equals(whole));
      }),
    );
  });

  it("with more zeros behind its end, or with nothing in it", async () => {
    for (const bytes of [tarEnd, Buffer.concat([whole, Buffer.alloc(8192)]), Buffer.concat([whole, Buffer.alloc(7)])]) {
      for (const size of [1, 511, 512, 513, bytes.length]) {
        const { values, error } = await guard(cut(bytes, size));
        assert.equal(error, undefined);
        assert.ok(Buffer.concat(values).equals(bytes));
      }
    }
  });

  it("when a PAX header or a binary field holds the size", async () => {
    const body = Buffer.alloc(700, 2);
    const pax = entryOf({ name: "pax", type: "x", body: "19 comment=size=9\n\n12 size=700\n" });
    const binary = entryOf({ name: "large", body, size: 0 });
    binary.writeUInt8(0x80, 124);
    binary.fill(0, 125, 136);
    binary.writeUInt16BE(700, 134);
    binary.fill(" ", 148, 156);
    const sum = binary.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    binary.write(`${sum.toString(8).padStart(6, "0")}\0`, 148);
    for (const large of [Buffer.concat([pax, entryOf({ name: "large", body, size: 0 })]), binary]) {
      const bytes = Buffer.concat([large, entryOf({ name: "next", body: "x" }), tarEnd]);
      for (const size of everyChunkSize(bytes)) {
        const { values, error } = await guard(cut(bytes, size));
        assert.equal(error, undefined);
        assert.ok(Buffer.concat(values).equals(bytes));
      }
    }
  });

  it("without copying more than its headers", async () => {
    const bytes = tarOf({ name: "large", body: Buffer.alloc(1_000_000, 3) });
    const copied = await countBytes(() => guard(cut(bytes, 65_536)));
    assert.ok(copied < 4096, `${copied} bytes were copied`);
  });

  it("and is closed when its reader leaves", async () => {
    const source = cut(whole, 100);
    for await (const piece of guardTar(source, origin)) {
      assert.equal(piece.length, 100);
      break;
    }
    assert.ok(source.closed);
  });
});

describe("a tar that ends early is an error", () => {
  it("wherever it ends", async () => {
    for (let length = 0; length < whole.length; length += 1) {
      const { values, error } = await guard(cut(whole.subarray(0, length), 700));
      assert.ok(error instanceof ResponseError, `${length} bytes`);
      assert.match(error.message, new RegExp(`truncated after ${length} bytes`));
      assert.deepEqual([error.status, error.receivedBytes], [200, length]);
      assert.equal(Buffer.concat(values).length, length);
    }
  });
});

const messages = {
  docker: `{"message":"the disk \\u00fc is gone"}\n`,
  saving: `{"errorDetail":{"code":5,"message":"the disk \\u00fc is gone"},"error":"the disk"}\r\n`,
  podman: `{"cause":"the disk","message":"the disk ü is gone","response":500}\n`,
};

for (const [by, message] of Object.entries(messages)) {
  describe(`an error of the form of ${by} is told`, () => {
    const places: Record<string, Uint8Array> = {
      "behind the end": small,
      "behind the end and its padding": Buffer.concat([small, Buffer.alloc(300)]),
      "instead of the end": small.subarray(0, -1024),
      "after one block of the end": small.subarray(0, -512),
      "in the middle of a header": small.subarray(0, 300),
      "in the middle of a body": small.subarray(0, 515),
      "at the beginning": new Uint8Array(),
    };
    for (const [place, before] of Object.entries(places)) {
      it(place, async () => {
        await failsAlways(Buffer.concat([before, Buffer.from(message)]), EngineStreamError, /the disk ü is gone/);
      });
    }

    it("however long it is, to 16 KiB", async () => {
      const long = message.replace("gone", "g".repeat(10_000));
      for (const size of [1000, 65_536]) {
        const { error } = await guard(cut(Buffer.concat([small, Buffer.from(long)]), size));
        assert.ok(error instanceof EngineStreamError);
        assert.match(error.engineMessage, /g{10000}/);
      }
    });
  });
}

describe("bytes that are no tar are an error", () => {
  it("behind its end", async () => {
    await failsAlways(Buffer.concat([small, Buffer.from("more")]), ResponseError, /behind the end of the tar/);
    await failsAlways(Buffer.concat([small, Buffer.from(`{"message":7}`)]), ResponseError, /behind the end of the tar/);
  });

  it("where a header should be", async () => {
    const bytes = Buffer.concat([entryOf({ name: "a", body: "x" }), Buffer.alloc(512, "x"), tarEnd]);
    await failsAlways(bytes, ResponseError, /where a header should be/);
  });

  it("before they fill the memory", async () => {
    const source = new Source([small, ...Array.from({ length: 100 }, () => Buffer.alloc(1024, "{"))]);
    const { error } = await guard(source);
    assert.ok(error instanceof ResponseError);
    assert.ok(source.reads <= 18, `${source.reads} pieces were read`);
    assert.ok(source.closed);
  });

  it("and a PAX header may not be longer than a mebibyte", async () => {
    const { error } = await guard(cut(entryOf({ name: "pax", type: "x", size: 2 ** 20 + 1 }), 512));
    assert.match(String(error), /longer than a mebibyte/);
  });

  it("whatever they are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), anyPlaces, async (bytes, places) => {
        const reading = await guard(cutAt(bytes, places));
        assert.ok(reading.error !== undefined && isTyped(reading));
      }),
    );
  });
});
