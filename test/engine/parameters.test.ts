import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { encodeParameters } from "../../src/engine/parameters.ts";
import { InvalidRequestError } from "../../src/errors/invalid-request-error.ts";
import type { Operation } from "../../src/generated/operation.ts";

const operation: Operation = {
  id: "Anything",
  method: "POST",
  path: "/anything",
  since: "1.40",
  query: {
    all: { type: "boolean" },
    limit: { type: "integer" },
    size: { type: "number" },
    tail: { type: "string" },
    t: { type: "strings" },
    filters: { type: "json" },
    since: { type: "timestamp" },
  },
  headers: {
    registryAuth: { name: "X-Registry-Auth", type: "base64url-json" },
    note: { name: "X-Note", type: "string" },
  },
  answer: "empty",
  kinds: { 204: "Succeeded" },
};

const queries: readonly (readonly [given: Record<string, unknown>, query: string])[] = [
  [{}, ""],
  [{ all: undefined }, ""],
  [{ all: true }, "?all=true"],
  [{ all: false, limit: 0 }, "?all=false&limit=0"],
  [{ limit: -1 }, "?limit=-1"],
  [{ size: 1.5 }, "?size=1.5"],
  [{ tail: "" }, "?tail="],
  [{ tail: "a b&c=d+e/ü#" }, "?tail=a%20b%26c%3Dd%2Be%2F%C3%BC%23"],
  [{ tail: "a\r\nb\0" }, "?tail=a%0D%0Ab%00"],
  [{ t: "one:1" }, "?t=one%3A1"],
  [{ t: ["one:1", "two"] }, "?t=one%3A1&t=two"],
  [{ t: [] }, ""],
  [{ t: [{ os: "linux" }, "two"] }, "?t=%7B%22os%22%3A%22linux%22%7D&t=two"],
  [{ filters: { label: ["a=b"] } }, "?filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D"],
  [{ since: 1.5 }, "?since=1.5"],
  [{ since: new Date(1500) }, "?since=1.5"],
  [{ since: "2020-01-02T03:04:05.000000006Z" }, "?since=1577934245.000000006"],
];

const refused: readonly (readonly [given: Record<string, unknown>, parameter: string, message: RegExp])[] = [
  [{ al: true }, "al", /Anything has no parameter al/],
  [{ constructor: "x" }, "constructor", /no parameter constructor/],
  [{ all: "true" }, "all", /must be true or false/],
  [{ all: 1 }, "all", /must be true or false/],
  [{ all: null }, "all", /must be true or false/],
  [{ limit: 1.5 }, "limit", /must be a whole number/],
  [{ limit: "1" }, "limit", /must be a whole number/],
  [{ limit: 2 ** 53 }, "limit", /must be a whole number/],
  [{ size: Number.NaN }, "size", /must be a number/],
  [{ size: Number.POSITIVE_INFINITY }, "size", /must be a number/],
  [{ tail: 5 }, "tail", /must be a string/],
  [{ tail: "\ud800" }, "tail", /must be a string/],
  [{ t: [1] }, "t", /must be a list of strings/],
  [{ t: ["\ud800"] }, "t", /must be a list of strings/],
  [{ filters: "{}" }, "filters", /must be an object or a list/],
  [{ filters: null }, "filters", /must be an object or a list/],
  [{ since: "yesterday" }, "since", /RFC 3339/],
  [{ note: "a\r\nX-Evil: 1" }, "note", /printable ASCII/],
  [{ note: "ü" }, "note", /printable ASCII/],
  [{ note: 1 }, "note", /printable ASCII/],
  [{ registryAuth: "token" }, "registryAuth", /must be an object/],
];

describe("an operation's parameters", () => {
  for (const [given, query] of queries) {
    test(`${JSON.stringify(given)} is sent as ${JSON.stringify(query)}`, () => {
      assert.deepEqual(encodeParameters(operation, given), { query, headers: {} });
    });
  }

  for (const [given, parameter, message] of refused) {
    test(`${JSON.stringify(given)} is refused for ${parameter}`, () => {
      assert.throws(
        () => encodeParameters(operation, given),
        (error) => {
          assert.ok(error instanceof InvalidRequestError);
          assert.match(error.message, message);
          assert.equal(error.parameter, parameter);
          return true;
        },
      );
    });
  }

  test("a value that JSON cannot hold is refused", () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    for (const value of [circle, { size: 1n }]) {
      assert.throws(() => encodeParameters(operation, { filters: value }), InvalidRequestError);
      assert.throws(() => encodeParameters(operation, { registryAuth: value }), InvalidRequestError);
    }
  });

  test("a required parameter must be there", () => {
    const rename = { ...operation, query: { name: { type: "string", required: true } } } as const;
    assert.throws(() => encodeParameters(rename, undefined), /Anything needs the parameter name/);
    assert.throws(() => encodeParameters(rename, { name: undefined }), /Anything needs the parameter name/);
    assert.equal(encodeParameters(rename, { name: "x" }).query, "?name=x");
  });

  test("credentials are a header of base64url with padding, never part of the query", () => {
    // Chosen so that plain base64 would hold both "+" and "/", and padding.
    const registryAuth = { username: "ÿ>>>???", password: "~~~ûï¾" };
    const { query, headers } = encodeParameters(operation, { registryAuth, note: "hello" });
    const value = headers["X-Registry-Auth"] ?? "";
    assert.equal(query, "");
    assert.equal(headers["X-Note"], "hello");
    assert.match(value, /^[\w-]+={0,2}$/);
    assert.match(value, /-/);
    assert.match(value, /_/);
    assert.equal(value.length % 4, 0);
    assert.deepEqual(JSON.parse(Buffer.from(value, "base64url").toString()), registryAuth);
  });

  test("empty credentials are sent as an empty object", () => {
    assert.deepEqual(encodeParameters(operation, { registryAuth: {} }).headers, { "X-Registry-Auth": "e30=" });
  });
});
