import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { expandPath } from "../../src/engine/path.ts";
import { InvalidRequestError } from "../../src/errors/invalid-request-error.ts";
import type { Operation } from "../../src/generated/operation.ts";

const service: Operation = {
  id: "ServiceInspect",
  method: "GET",
  path: "/services/{id}",
  since: "1.40",
  answer: "json",
  kinds: { 200: "Succeeded" },
};
const inspect: Operation = { ...service, id: "ContainerInspect", path: "/containers/{id}/json", slashes: true };

const sendable: readonly (readonly [id: string, path: string])[] = [
  ["web", "/containers/web/json"],
  ["a/b", "/containers/a/b/json"],
  ["registry.example:5000/a/b:1", "/containers/registry.example%3A5000/a/b%3A1/json"],
  ["a b?c#d%2F", "/containers/a%20b%3Fc%23d%252F/json"],
  ["%2e%2e", "/containers/%252e%252e/json"],
  ["...", "/containers/.../json"],
  ["ünï🐋", "/containers/%C3%BCn%C3%AF%F0%9F%90%8B/json"],
  ["sha256:abc", "/containers/sha256%3Aabc/json"],
];

const refused: readonly (readonly [id: unknown, message: RegExp])[] = [
  ["", /not empty/],
  [undefined, /must be a string/],
  [null, /must be a string/],
  [7, /must be a string/],
  [{ toString: () => "web" }, /must be a string/],
  [".", /path segments/],
  ["..", /path segments/],
  ["../volumes/x", /path segments/],
  ["a/../b", /path segments/],
  ["a/.", /path segments/],
  ["/", /slash/],
  ["/a", /slash/],
  ["a/", /slash/],
  ["a//b", /slash/],
  ["a\0", /control characters/],
  ["a\r\nHost: b", /control characters/],
  ["a\u0085", /control characters/],
  ["\ud800", /halves of characters/],
  ["a\udc00b", /halves of characters/],
];

describe("an operation's path", () => {
  for (const [id, path] of sendable) {
    test(`${JSON.stringify(id)} is sent as ${path}`, () => {
      assert.equal(expandPath(inspect, { id }), path);
    });
  }

  for (const [id, message] of refused) {
    test(`${JSON.stringify(id)} is refused`, () => {
      const values = { id } as Record<string, string>; // what a program without types may give
      assert.throws(
        () => expandPath(inspect, values),
        (error) => {
          assert.ok(error instanceof InvalidRequestError);
          assert.match(error.message, message);
          assert.deepEqual([error.parameter, error.operation, error.method], ["id", "ContainerInspect", "GET"]);
          return true;
        },
      );
    });
  }

  test("a slash is refused where the daemon takes none", () => {
    assert.equal(expandPath(service, { id: "a" }), "/services/a");
    assert.throws(() => expandPath(service, { id: "a/b" }), /must not hold a slash/);
  });

  test("a value that nothing was given for is refused, inherited ones included", () => {
    assert.throws(() => expandPath(inspect, {}), InvalidRequestError);
    assert.throws(() => expandPath({ ...inspect, path: "/containers/{constructor}" }, {}), InvalidRequestError);
  });
});
