import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { IgnorePatterns, readIgnoreFile } from "../../src/build/ignore-patterns.ts";
import { InvalidRequestError } from "../../src/index.ts";

const table: readonly (readonly [pattern: string, path: string, ignored: boolean])[] = [
  ["a", "a", true],
  ["a", "a/b", true],
  ["a", "b/a", false],
  ["**/a", "b/c/a", true],
  ["**/a", "ba", false],
  ["a/**", "a/b/c", true],
  ["a/**", "a", false],
  ["*.go", "x/main.go", false],
  ["?", "😀", true],
  ["[^a]", "😀", true],
  ["[😀]", "😀", true],
  ["a.b", "aXb", false],
  ["a\\*", "a*", true],
  ["a\\*", "ab", false],
  ["x]", "x]", true],
  ["x]*", "x]y", true],
  ["[a\\-c]", "-", true],
  ["[a\\-c]", "b", false],
];

it("patterns match as the docker CLI matches them", () => {
  for (const [pattern, path, ignored] of table) {
    assert.equal(new IgnorePatterns([pattern]).ignores(path), ignored, `${pattern} on ${path}`);
  }
});

it("the last pattern that matches wins", () => {
  const patterns = new IgnorePatterns(["*", "!a", "a/b"]);
  assert.deepEqual(
    ["x", "a", "a/b", "a/c"].map((path) => patterns.ignores(path)),
    [true, false, true, false],
  );
});

it("a .dockerignore has comments, blank lines, a byte order mark and paths that are not clean", () => {
  const text = "\uFEFF# no\n\n  a/ \r\n! /b//c\n/\n/d/../e\n #f\n";
  assert.deepEqual(readIgnoreFile(text), ["a", "!b/c", "/", "e", "#f"]);
});

it("any text either is a list of patterns or is refused", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab*?![]^\\-/.{}()|$#\n😀") });
  fc.assert(
    fc.property(text, text, (lines, path) => {
      try {
        const patterns = new IgnorePatterns(readIgnoreFile(lines));
        assert.equal(typeof patterns.ignores(path), "boolean");
      } catch (error) {
        assert.ok(error instanceof InvalidRequestError, String(error));
      }
    }),
    { numRuns: 3000 },
  );
});
