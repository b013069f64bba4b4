import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { decodePathStat } from "../../src/codecs/path-stat.ts";
import { JsonError } from "../../src/errors/json-error.ts";

const facts = { status: 200, context: { operation: "ContainerArchive" } };
const base = { name: "x", size: 3, mode: 0o644, mtime: "2026-11-23T20:09:23.754657350Z", linkTarget: "" };
const decode = (stat: object) => decodePathStat(Buffer.from(JSON.stringify(stat)).toString("base64"), facts);

describe("a path's stat", () => {
  it("is decoded with its time to the millisecond", () => {
    const mtime = new Date("2026-11-23T20:09:23.754Z");
    assert.deepEqual(decode(base), { name: "x", type: "file", mode: 0o644, size: 3, mtime, linkTarget: "" });
    assert.equal(decode({ ...base, linkTarget: "/y" }).linkTarget, "/y");
    assert.equal(decode({ ...base, linkTarget: undefined }).linkTarget, "");
  });

  it("has its type and its permissions apart", () => {
    const bit = (n: number) => 2 ** n;
    const cases = [
      [bit(31) + 0o755, "directory", 0o755],
      [bit(31) + bit(20) + 0o777, "directory", 0o1777],
      [bit(27) + 0o777, "symlink", 0o777],
      [bit(26) + 0o660, "block-device", 0o660],
      [bit(26) + bit(21) + 0o666, "character-device", 0o666],
      [bit(25) + 0o600, "fifo", 0o600],
      [bit(24) + 0o600, "socket", 0o600],
      [bit(23) + 0o755, "file", 0o4755],
      [bit(22) + 0o755, "file", 0o2755],
      [bit(19), "irregular", 0],
    ] as const;
    for (const [mode, type, posix] of cases) {
      const stat = decode({ ...base, mode });
      assert.deepEqual([stat.type, stat.mode], [type, posix]);
    }
  });

  it("that is missing or malformed is an error with what came", () => {
    const malformed = [undefined, "", "%%%", "bnVsbA==", "e30=", "eyJuYW1lIjoxfQ==", ["a"]];
    for (const header of malformed) {
      assert.throws(
        () => decodePathStat(header, facts),
        (error) => {
          assert.ok(error instanceof JsonError);
          assert.deepEqual([error.status, error.operation, error.position], [200, "ContainerArchive", 0]);
          assert.match(error.message, /X-Docker-Container-Path-Stat is missing or malformed/);
          return true;
        },
      );
    }
    assert.throws(() => decode({ ...base, mtime: "yesterday" }), JsonError);
    assert.throws(() => decode({ ...base, mode: "0644" }), JsonError);
  });
});
