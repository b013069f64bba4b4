import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exitCodeOf, failureData, failureText } from "../../src/cli/failure.ts";
import {
  ConnectError,
  EngineStreamError,
  InvalidRequestError,
  RequestError,
  StatusError,
  TimeoutError,
} from "../../src/index.ts";

const attempts = [
  { endpoint: "unix:///a", source: "the default socket", reason: "no such file", advice: "Is it running?" },
  { endpoint: "unix:///b", source: "Podman", reason: "permission denied" },
];
const gone = { kind: "NoSuchContainer", status: 404, engineMessage: "No such container: \u001b[31mx" };

describe("failures", () => {
  for (const [name, failure, exitCode, text] of [
    [
      "no engine anywhere",
      new ConnectError(attempts),
      3,
      "cannot reach a Docker engine; tried:\n  unix:///a (the default socket): no such file. Is it running?\n  unix:///b (Podman): permission denied",
    ],
    ["a slow connection", new TimeoutError("connect", 10), 3, "Connecting to the engine took longer than 10 ms"],
    ["a slow answer", new TimeoutError("headers", 10), 1, "The engine's answer took longer than 10 ms"],
    ["a refusal", new StatusError(gone), 1, "No such container: [31mx"],
    ["a failure in a stream", new EngineStreamError("disk full"), 1, "disk full"],
    ["a request that cannot be sent", new InvalidRequestError("id is empty"), 2, "id is empty"],
    ["a lost connection", new RequestError("The engine closed the connection"), 1, "The engine closed the connection"],
    ["anything else", "odd", 1, "odd"],
  ] as const) {
    it(`are told in words and by exit code: ${name}`, () => {
      assert.equal(failureText(failure), text);
      assert.equal(exitCodeOf(failure), exitCode);
    });
  }

  it("are data for programs", () => {
    const status = new StatusError(gone, { operation: "ContainerStart" });
    assert.deepEqual(failureData(status), {
      name: "StatusError",
      operation: "ContainerStart",
      kind: "NoSuchContainer",
      status: 404,
      message: gone.engineMessage,
    });
    assert.deepEqual(failureData(new ConnectError(attempts))["attempts"], attempts);
    assert.deepEqual(failureData(new RangeError("x")), { name: "RangeError", message: "x" });
  });
});
