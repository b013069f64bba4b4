import assert from "node:assert/strict";
import {
  AbortError,
  ConnectError,
  FairleadError,
  FrameError,
  RequestError,
  ResponseError,
  TimeoutError,
} from "../../src/index.ts";
import type { KindOfCall } from "./calls.ts";
import { type Cancellation, comesFirst, type Fault } from "./faults.ts";

/** What is tried in one cell, whatever the way. */
export interface Trial {
  readonly kind: KindOfCall;
  readonly fault: Fault;
  readonly cancellation: Cancellation;
}

/** The reason with which the trials abort. */
export const reason: Error = new Error("changed my mind");

/** Whether nothing but closing the client ends the call. */
export function waitsForEver({ fault, cancellation }: Trial): boolean {
  return fault.what === "stalls" && cancellation.how !== "limit" && !comesFirst(cancellation, fault);
}

/** Checks how the call ended; `error` is undefined if it did without one. */
export function assertEnding(trial: Trial, error: unknown): void {
  const { kind, fault, cancellation } = trial;
  if (cancellation.how === "leave" && comesFirst(cancellation, fault)) {
    assert.equal(error, undefined, "leaving a loop is no failure");
    return;
  }
  assert.ok(error instanceof FairleadError, `ended with ${String(error)}`);
  assert.equal(error.operation, kind.operation);
  assert.equal(error.path, kind.path);
  if (comesFirst(cancellation, fault)) {
    assert.ok(error instanceof AbortError, `aborted, it ended with ${String(error)}`);
    assert.equal(error.cause, reason);
  } else if (waitsForEver(trial)) {
    assert.ok(error instanceof AbortError, `closed, it ended with ${String(error)}`);
    assert.match(error.message, /^The client was closed/);
  } else {
    assertFailure(trial, error);
  }
}

/** Checks that the fault was told as what it is. */
function assertFailure({ kind, fault }: Trial, error: FairleadError): void {
  const inBody = fault.at === "body";
  switch (fault.what) {
    case "refuses":
      assert.ok(error instanceof ConnectError, `ended with ${String(error)}`);
      assert.equal(error.attempts.length, 1);
      break;
    case "stalls":
      assert.ok(error instanceof TimeoutError, `ended with ${String(error)}`);
      assert.equal(error.timeout, inBody ? "idle" : "headers");
      return;
    case "talks nonsense":
      if (inBody && kind.name === "hijacked") {
        assert.ok(error instanceof FrameError, `ended with ${String(error)}`);
        return;
      }
      assertBroken(inBody, error);
      assert.match(String((error as RequestError | ResponseError).code), /^HPE_/); // as just checked
      break;
    case "closes":
      assertBroken(inBody, error);
      if (inBody && kind.name === "hijacked") {
        return; // an upgraded connection that ends is no failure of the platform's: it ended inside a frame
      }
      break;
    default:
      fault.what satisfies never;
  }
  assert.ok(error.cause instanceof Error, "the platform's error is the cause");
}

function assertBroken(inBody: boolean, error: FairleadError): void {
  assert.ok(error instanceof (inBody ? ResponseError : RequestError), `ended with ${String(error)}`);
}
