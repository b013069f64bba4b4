import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeProgress } from "../../src/codecs/progress.ts";
import { EngineStreamError } from "../../src/errors/engine-stream-error.ts";
import { JsonError } from "../../src/errors/json-error.ts";
import { cut, everyChunkSize, read, readAll } from "./support.ts";

const options = { status: 200, context: { operation: "ImageCreate" } };
const decode = (text: string, size = text.length) => decodeProgress(cut(Buffer.from(text), size), options);

describe("decodeProgress", () => {
  it("gives every report as the engine sent it, with the members it does not know", async () => {
    const reports = [
      { status: "Pulling from library/alpine", id: "3" },
      { status: "Downloading", progressDetail: { current: 1, total: 2 }, progress: "[=> ]", id: "9824c27679d3" },
      { status: "Extracting", progressDetail: { current: 3, units: "s", hidecounts: true }, id: "9824c27679d3" },
      { stream: "Step 1/2 : FROM é\n" },
      { id: "moby.buildkit.trace", aux: "Cg==" },
      { aux: { ID: "sha256:12" } },
      { status: "Téléchargement ✓", future: [1] },
    ];
    const text = reports.map((report) => `${JSON.stringify(report)}\r\n`).join("");
    for (const size of everyChunkSize(Buffer.from(text))) {
      assert.deepEqual(await readAll(decode(text, size)), reports);
    }
  });

  it("throws a failure, in each of its forms, after the reports before it", async () => {
    const failures: [string, string, number | undefined][] = [
      ['{"errorDetail":{"code":5,"message":"no space"},"error":"no space"}', "no space", 5],
      ['{"errorDetail":{"message":"manifest unknown"}}', "manifest unknown", undefined],
      ['{"error":"denied: é"}', "denied: é", undefined],
      ['{"errorDetail":{},"error":"only here"}', "only here", undefined],
      ['{"errorDetail":{"code":7}}', '{"code":7}', 7],
      ['{"error":{"reason":"odd"}}', '{"reason":"odd"}', undefined],
      ['{"message":"page not found"}', "page not found", undefined],
      ['{"cause":"x","message":"from Podman","response":500}', "from Podman", undefined],
    ];
    for (const [record, message, code] of failures) {
      for (const end of ["\r\n", "", '\r\n{"status":"never"}']) {
        const { values, error } = await read(decode(`{"status":"before"}\r\n${record}${end}`));
        assert.deepEqual(values, [{ status: "before" }]);
        assert.ok(error instanceof EngineStreamError, record);
        assert.equal(error.engineMessage, message);
        assert.equal(error.code, code);
        assert.equal(error.operation, "ImageCreate");
      }
    }
  });

  it("does not take a report for a failure because it has an empty error or a message beside its status", async () => {
    const reports = [
      { status: "a", error: "" },
      { status: "b", errorDetail: null },
      { status: "c", message: "d" },
    ];
    assert.deepEqual(await readAll(decode(reports.map((report) => JSON.stringify(report)).join("\n"))), reports);
  });

  it("throws at what is not an object, and where", async () => {
    for (const record of ["null", "12", '"text"', "oops", '{"status":']) {
      const { error } = await read(decode(`{"status":"a"}\n${record}\n`));
      assert.ok(error instanceof JsonError, record);
      assert.equal(error.position, 15);
      assert.equal(error.status, 200);
    }
  });
});
