import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe } from "node:test";
import { documentedAnswers } from "../../scripts/coverage/answers.ts";
import type { Facts } from "../../scripts/generate/facts.ts";
import { corrections } from "../../spec/corrections.ts";
import type { OperationId } from "../../src/engine/engine.ts";
import { StatusError } from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { expectedRequests } from "./expected-request.ts";
import { answer, exchange } from "./support.ts";

const facts: Facts = JSON.parse(readFileSync(new URL("../../spec/engine-api.json", import.meta.url), "utf8"));
const failures = documentedAnswers(facts, corrections).filter(({ status, dropped }) => status >= 400 && !dropped);
const message = "it cannot be done";

describe("every documented failure", () => {
  leakCheck();

  for (const { operation, input, line } of expectedRequests()) {
    const own = failures.filter((failure) => failure.operation === operation);
    let status = 0;
    exchange(
      `of ${operation} is an outcome of its own: ${own.map(({ kind }) => kind).join(", ")}`,
      () => answer(status, line.startsWith("HEAD") ? "" : { message }),
      async ({ docker }) => {
        assert.ok(own.length > 0);
        for (const failure of own) {
          status = failure.status;
          const call = docker.request(operation as OperationId, input); // the client has them all
          const outcome = await call.outcome();
          assert.deepEqual([outcome.kind, outcome.status], [failure.kind, status]);
          const said = line.startsWith("HEAD") ? "" : message;
          await assert.rejects(call, (error) => {
            assert.ok(error instanceof StatusError);
            assert.deepEqual([error.kind, error.status, error.engineMessage], [failure.kind, status, said]);
            return true;
          });
        }
      },
      { apiVersion: "1.56" },
    );
  }
});
