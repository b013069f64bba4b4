import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { readFields } from "../../src/build/protobuf.ts";
import { readTrace } from "../../src/build/trace.ts";

type Value = bigint | Uint8Array | string;

/** Writes a protobuf message of the fields, in their order. */
function message(...fields: readonly (readonly [number: number, value: Value])[]): Uint8Array {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === "bigint") {
        return Buffer.concat([varint(BigInt(number) << 3n), varint(BigInt.asUintN(64, value))]);
      }
      const bytes = Buffer.from(value);
      return Buffer.concat([varint((BigInt(number) << 3n) | 2n), varint(BigInt(bytes.length)), bytes]);
    }),
  );
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
  return Buffer.from([...bytes, Number(rest)]);
}

const time = message([1, 1_700_000_000n], [2, 123_456_789n]);
const date = new Date(1_700_000_000_123);

it("every kind of event is read with all its fields", () => {
  const vertex = message([1, "sha256:a"], [2, "sha256:b"], [2, "sha256:c"], [3, "RUN"], [4, 1n], [5, time], [7, "no"]);
  const status = message([1, "id"], [2, "sha256:a"], [3, "n"], [4, 5n], [5, 10n], [6, time], [7, time], [8, time]);
  const log = message([1, "sha256:a"], [2, time], [3, 2n], [4, Uint8Array.of(0, 255)]);
  const warning = message([1, "sha256:a"], [2, 1n], [3, "short"], [4, "one"], [4, "two"], [5, "http://x"]);
  assert.deepEqual(readTrace(message([1, vertex], [2, status], [3, log], [4, warning])), [
    {
      type: "vertex",
      digest: "sha256:a",
      name: "RUN",
      inputs: ["sha256:b", "sha256:c"],
      cached: true,
      started: date,
      completed: undefined,
      error: "no",
    },
    {
      type: "status",
      id: "id",
      vertex: "sha256:a",
      name: "n",
      current: 5,
      total: 10,
      timestamp: date,
      started: date,
      completed: date,
    },
    { type: "log", vertex: "sha256:a", timestamp: date, source: "stderr", data: Buffer.from([0, 255]) },
    { type: "warning", vertex: "sha256:a", level: 1, short: "short", detail: ["one", "two"], url: "http://x" },
  ]);
});

it("fields that are not known are passed over, and those that are absent have their zero", () => {
  const log = message([9, 7n], [1, "v"], [77, "new"]);
  assert.deepEqual(readTrace(message([8, "future"], [3, log], [9, 1n])), [
    { type: "log", vertex: "v", timestamp: undefined, source: "stdout", data: new Uint8Array() },
  ]);
});

it("a negative number is one", () => {
  const [event] = readTrace(message([4, message([2, -3n])]));
  assert.equal(event?.type === "warning" && event.level, -3);
});

it("fields are read back as they were written", () => {
  const field = fc.tuple(
    fc.integer({ min: 1, max: 536_870_911 }),
    fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.uint8Array()),
  );
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      const read = [...readFields(message(...fields))].map(({ number, value }) => [number, value]);
      const expected = fields.map(([number, value]) => [
        number,
        typeof value === "bigint" ? value : Buffer.from(value),
      ]);
      assert.deepEqual(read, expected);
    }),
  );
});

it("any bytes are either read or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        assert.ok(Array.isArray(readTrace(bytes)));
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
      }
    }),
    { numRuns: 5000 },
  );
});

it("a message that is cut off is refused, unless a field ends there", () => {
  const whole = message([3, message([1, "vertex"], [4, "text"])]);
  for (let length = 1; length < whole.length; length += 1) {
    assert.throws(() => readTrace(whole.subarray(0, length)), RangeError);
  }
  assert.deepEqual(readTrace(whole.subarray(0, 0)), []);
});
