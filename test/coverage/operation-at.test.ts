import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { expectedRequests } from "../engine/expected-request.ts";
import { operationAt } from "../support/operation-at.ts";

describe("the operation of a request", () => {
  for (const { operation, line } of expectedRequests()) {
    test(`${line.split("?", 1)[0]} is ${operation}`, () => {
      const [method = "", path = ""] = line.split(" ");
      assert.equal(operationAt(method, path)?.id, operation);
      assert.equal(operationAt(method, path.replace(/^\/v[\d.]+/, ""))?.id, operation);
    });
  }

  for (const [line, operation] of [
    ["DELETE /v1.51/containers/a/b", "ContainerDelete"],
    ["DELETE /v1.51/containers/a/b/checkpoints/c", "CheckpointDelete"],
    ["GET /containers/json?all=true&filters=/json", "ContainerList"],
    ["GET /images/host%3A5000/a/b/json", "ImageInspect"],
    ["DELETE /images/a/history", "ImageDelete"],
    ["GET /containers/a/attach/ws", "ContainerAttachWebsocket"],
    ["POST /containers/a", undefined],
    ["GET /nothing", undefined],
    ["GET /info/more", undefined],
  ] as const) {
    test(`${line} is ${operation ?? "none"}`, () => {
      const [method = "", path = ""] = line.split(" ");
      assert.equal(operationAt(method, path)?.id, operation);
    });
  }
});
