import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeJsonLines } from "../../src/codecs/json-lines.ts";
import { JsonError } from "../../src/errors/json-error.ts";
import { anyPlaces, countBytes, cut, cutAt, everyChunkSize, isTyped, read, readAll, Source } from "./support.ts";

const options = { status: 200, context: { operation: "SystemEvents" } };
const decode = (text: string | Uint8Array, size: number) =>
  decodeJsonLines<unknown>(cut(Buffer.from(text), size), options);

describe("decodeJsonLines", () => {
  const sample = '{"a":"é€🚢"}\r\n\n[1, 2]\n \t\r\n"x\\ny"\n{"a":{"b":null}}\n17';
  const expected = [{ a: "é€🚢" }, [1, 2], "x\ny", { a: { b: null } }, 17];

  it("gives the same values whatever the size of the chunks", async () => {
    for (const size of everyChunkSize(Buffer.from(sample))) {
      assert.deepEqual(await readAll(decode(sample, size)), expected, `chunks of ${size}`);
    }
  });

  it("needs no line feed after the last value, and makes no value of nothing", async () => {
    assert.deepEqual(await readAll(decode("1\n2", 1)), [1, 2]);
    assert.deepEqual(await readAll(decode("1\n2\r\n", 1)), [1, 2]);
    assert.deepEqual(await readAll(decode("\r\n\n", 1)), []);
    assert.deepEqual(await readAll(decode("", 1)), []);
  });

  it("reads values with a record separator before them", async () => {
    const text = '\u001e{"a":1}\n\u001e{"a":"\\u001e"}\n\u001e\n\u001e3';
    for (const size of everyChunkSize(Buffer.from(text))) {
      assert.deepEqual(await readAll(decode(text, size)), [{ a: 1 }, { a: "\u001e" }, 3], `chunks of ${size}`);
    }
  });

  it("gives any values back, however they are cut", async () => {
    const anyEnd = fc.constantFrom("\n", "\r\n", "\n\n");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.jsonValue(), anyEnd)), anyPlaces, async (records, places) => {
        const lines = records.map(([value, end]) => [JSON.stringify(value), end] as const);
        const bytes = Buffer.from(lines.map(([line, end]) => line + end).join(""));
        assert.deepEqual(
          await readAll(decodeJsonLines(cutAt(bytes, places))),
          lines.map(([line]) => JSON.parse(line)),
        );
      }),
    );
  });

  it("gives each value as soon as its line feed has arrived", async () => {
    const source = new Source(['{"a":', "1}\n{", '"a":2}', "\n"].map((text) => Buffer.from(text)));
    const stream = decodeJsonLines(source);
    assert.deepEqual(await stream.next(), { done: false, value: { a: 1 } });
    assert.equal(source.reads, 2);
    assert.deepEqual(await stream.next(), { done: false, value: { a: 2 } });
    assert.equal(source.reads, 4);
  });

  it("throws at a line that is not JSON, after the values before it, and says which bytes are where", async () => {
    const bad = Buffer.from('{"a":"é"}\n\u001e1\noops é\n2\n');
    for (const size of everyChunkSize(bad)) {
      const { values, error } = await read(decode(bad, size));
      assert.deepEqual(values, [{ a: "é" }, 1]);
      assert.ok(error instanceof JsonError);
      assert.equal(error.position, 14);
      assert.equal(Buffer.from(error.bytes).toString(), "oops é\n");
      assert.equal(error.status, 200);
      assert.equal(error.operation, "SystemEvents");
      assert.ok(error.cause instanceof SyntaxError);
      assert.equal(error.message, "The line at byte 14 of the engine's answer is not JSON (SystemEvents)");
    }
  });

  it("throws at a line that is not UTF-8, after the values before it, and says which bytes are where", async () => {
    const bad = Buffer.concat([Buffer.from('"é"\n2\n'), Buffer.from('"\xff"\n3', "latin1")]);
    for (const size of everyChunkSize(bad)) {
      const { values, error } = await read(decode(bad, size));
      assert.deepEqual(values, ["é", 2]);
      assert.ok(error instanceof JsonError);
      assert.equal(error.position, 7);
      assert.equal(Buffer.from(error.bytes).toString("latin1"), '"\xff"\n');
      assert.match(error.message, /^The line at byte 7 of the engine's answer is not UTF-8/);
    }
  });

  it("throws when the stream ends inside a value", async () => {
    const bytes = Buffer.from('[1]\n{"a":"é"}');
    for (let length = 5; length < bytes.length; length += 1) {
      const { values, error } = await read(decode(bytes.subarray(0, length), 3));
      assert.deepEqual(values, [[1]]);
      assert.ok(error instanceof JsonError, `${length} bytes`);
      assert.equal(error.position, 4);
      assert.equal(error.bytes.length, length - 4);
    }
  });

  it("throws the source's error rather than one about the line that it broke off", async () => {
    const source = new Source([Buffer.from('1\n{"a')], new Error("reset"));
    assert.deepEqual(await read(decodeJsonLines(source)), { values: [1], error: new Error("reset") });
  });

  it("allows values in pieces up to the limit, and throws at one that is longer", async () => {
    const text = '"345"\n"3456"\n';
    for (const size of [1, 2, 3, 4, 5]) {
      const decodeWith = (limitBytes: number) =>
        decodeJsonLines(cut(Buffer.from(text), size), { ...options, limitBytes });
      assert.deepEqual(await readAll(decodeWith(6)), ["345", "3456"]);
      const { values, error } = await read(decodeWith(5));
      assert.deepEqual(values, ["345"]);
      assert.ok(error instanceof JsonError);
      assert.equal(error.position, 6);
      assert.match(error.message, /is longer than 5 bytes/);
    }
  });

  it("throws at a value that never ends before it has all of it", async () => {
    const endless = (async function* (): AsyncGenerator<Uint8Array> {
      for (;;) {
        yield Buffer.alloc(1000, "1");
      }
    })();
    const { error } = await read(decodeJsonLines(endless, { limitBytes: 100_000 }));
    assert.ok(error instanceof JsonError);
    assert.equal(error.bytes.length, 65_536);
  });

  it("works in proportion to the bytes, for one long value in small chunks as for many short ones", async () => {
    const length = 300_000;
    const long = await countBytes(() => readAll(decode(`"${"x".repeat(length)}"`, 64)));
    const short = await countBytes(() => readAll(decode("1\n".repeat(length / 2), 64)));
    assert.ok(long >= length, `${long} is less than the bytes there are: nothing was counted`);
    assert.ok(long <= 6 * length, `${long} bytes of work for ${length}`);
    assert.ok(short <= 6 * length, `${short} bytes of work for ${length}`);
  });

  it("gives the integers of the given keys exactly", async () => {
    const text = '{"timeNano":1629574695515050031}\n{"a":"\\"timeNano\\":1"}\n{"timeNano":2}';
    for (const size of everyChunkSize(Buffer.from(text))) {
      assert.deepEqual(await readAll(decodeJsonLines(cut(Buffer.from(text), size), { bigints: ["timeNano"] })), [
        { timeNano: 1629574695515050031n },
        { a: '"timeNano":1' },
        { timeNano: 2n },
      ]);
    }
  });

  it("meets garbage with values or a typed error", async () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc
        .array(fc.constantFrom(...'{}[]":,\n\r\u001e1eé\\ '), { maxLength: 60 })
        .map((parts) => Buffer.from(parts.join(""))),
    );
    await fc.assert(
      fc.asyncProperty(anyBytes, anyPlaces, async (bytes, places) => {
        assert.ok(isTyped(await read(decodeJsonLines(cutAt(bytes, places)))));
      }),
      { numRuns: 300 },
    );
  });

  it("closes the source when its reader leaves and when it fails", async () => {
    const left = cut(Buffer.from("1\n2\n3\n"), 4);
    for await (const _ of decodeJsonLines(left)) {
      break;
    }
    assert.ok(left.closed);
    const failed = cut(Buffer.from("oops\n2\n3\n"), 5);
    await read(decodeJsonLines(failed));
    assert.ok(failed.closed);
  });
});
