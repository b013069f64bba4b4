import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { OperationId } from "../../src/engine/engine.ts";
import type { Operation } from "../../src/generated/operation.ts";
import { operations } from "../../src/generated/operations.ts";
import { leakCheck } from "../support/leaks.ts";
import { type ExpectedRequest, expectedRequests } from "./expected-request.ts";
import { answer, exchange } from "./support.ts";

const expected = expectedRequests();

/** Headers that no parameter holds, and which the specification asks for in its prose. */
const askedFor: Readonly<Record<string, Readonly<Record<string, string>>>> = { Session: { Upgrade: "h2c" } };

describe("every operation with everything set", () => {
  leakCheck();

  test("is known to the specification or to the corrections, and so is every parameter", () => {
    assert.deepEqual(expected.map(({ operation }) => operation).sort(), Object.keys(operations).sort());
    assert.ok(expected.length >= 112);
    for (const { operation, input } of expected) {
      const row: Operation = operations[operation as OperationId]; // as the line above has it
      const names = [...Object.keys(row.query ?? {}), ...Object.keys(row.headers ?? {})];
      assert.deepEqual(Object.keys(input.parameters ?? {}).sort(), names.sort(), operation);
    }
  });

  for (const one of expected) {
    exchange(
      `${one.operation} is sent as ${one.line.split("?", 1)[0]}`,
      ({ line }) => (line.startsWith("HEAD") ? answer(500) : answer(500, { message: "seen" })),
      async ({ docker, seen }) => {
        const headers = askedFor[one.operation];
        // Every operation of the specification is one of the client's, as the first test says.
        const call = docker.request(one.operation as OperationId, { ...one.input, ...(headers && { headers }) });
        await call.outcome().catch(() => {});
        assert.equal(seen.length, 1);
        const [request] = seen;
        assert.equal(request?.line, one.line);
        assert.deepEqual(headersOf(request?.head ?? ""), withHeaders(one, headers));
        assert.equal(request?.body, one.body);
      },
      { apiVersion: "1.56" },
    );
  }
});

function headersOf(head: string): readonly string[] {
  return head.trimEnd().split("\r\n").slice(1).sort();
}

function withHeaders({ headers }: ExpectedRequest, asked: Readonly<Record<string, string>> = {}): readonly string[] {
  const others = headers.filter((line) => !((line.split(":", 1)[0] ?? "") in asked));
  return [...others, ...Object.entries(asked).map(([name, value]) => `${name}: ${value}`)].sort();
}
