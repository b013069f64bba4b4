import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { encodeTimestamp } from "../../src/engine/timestamp.ts";

const rows: readonly (readonly [given: unknown, want: string | undefined])[] = [
  [0, "0"],
  [10, "10"],
  [100, "100"],
  [1_700_000_000, "1700000000"],
  [1.5, "1.5"],
  [1_700_000_000.123, "1700000000.123"],
  [0.000001, "0.000001"],
  [-1, undefined],
  [Number.NaN, undefined],
  [Number.POSITIVE_INFINITY, undefined],
  [1e30, undefined],
  [new Date(0), "0"],
  [new Date(1_700_000_000_000), "1700000000"],
  [new Date(1_700_000_000_120), "1700000000.12"],
  [new Date(-1), undefined],
  [new Date("nonsense"), undefined],
  ["1700000000", "1700000000"],
  ["1700000000.000000001", "1700000000.000000001"],
  ["1700000000.", undefined],
  ["1700000000.0000000001", undefined],
  ["1970-01-01T00:00:00Z", "0"],
  ["2023-11-14T22:13:20Z", "1700000000"],
  ["2023-11-14T22:13:20.123456789Z", "1700000000.123456789"],
  ["2023-11-14T23:13:20.5+01:00", "1700000000.5"],
  ["1969-12-31T23:59:59Z", undefined],
  ["2023-13-14T22:13:20Z", undefined],
  ["2023-11-14T22:13:20", undefined],
  ["2023-11-14", undefined],
  ["10m", undefined],
  ["yesterday", undefined],
  ["", undefined],
  [undefined, undefined],
  [null, undefined],
  [{}, undefined],
];

describe("a moment", () => {
  for (const [given, want] of rows) {
    const name = given instanceof Date ? `Date(${given.getTime()})` : JSON.stringify(given);
    test(`${name} (${typeof given}) is ${want === undefined ? "refused" : `sent as ${want}`}`, () => {
      assert.equal(encodeTimestamp(given), want);
    });
  }
});
