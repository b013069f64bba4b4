import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkAnswer, checkModel } from "../support/check-answer.ts";
import { shapeOf } from "../support/json-shape.ts";
import { parseModelType } from "../support/model-type.ts";

describe("the check of an answer", () => {
  const given = { Id: "1", Warnings: null };

  it("finds nothing wrong with what fits", () => {
    assert.deepEqual(checkAnswer("ContainerCreate", 201, given), { problems: [], unknownFields: [] });
    assert.deepEqual(checkAnswer("ContainerChanges", 200, null).problems, []);
    assert.deepEqual(checkAnswer("ContainerStart", 204, { any: "thing" }).problems, []);
  });

  it("finds a field of the wrong type, an undeclared null and a missing field, all at once", () => {
    const { problems } = checkAnswer("ContainerCreate", 201, { Id: 1, Warnings: [null] });
    assert.deepEqual(problems, ["Id: number instead of a string", "Warnings[]: null instead of a string"]);
    assert.deepEqual(checkAnswer("ContainerCreate", 201, { Warnings: "none" }).problems, [
      "Id: missing",
      "Warnings: string instead of a list",
    ]);
    assert.deepEqual(checkAnswer("ContainerCreate", 201, { ...given, Id: null }).problems, [
      "Id: null instead of a string",
    ]);
    assert.deepEqual(checkAnswer("ContainerCreate", 201, []).problems.length, 1);
  });

  it("lists fields that the model does not have, and goes into lists, maps and bases", () => {
    const { problems, unknownFields } = checkAnswer("NetworkList", 200, [
      { Neu: 1, Labels: { a: 1 }, IPAM: { Config: [{ X: 1 }] } },
    ]);
    assert.ok(problems.includes("[].Labels{}: number instead of a string"), problems.join());
    assert.ok(problems.includes("[].Name: missing"));
    assert.deepEqual([...unknownFields].sort(), ["[].IPAM.Config[].X", "[].Neu"]);
  });

  it("takes integers for bigints, and nothing else", () => {
    assert.deepEqual(checkModel("bigint", 5).problems, []);
    assert.deepEqual(checkModel("bigint", 5n).problems, []);
    assert.deepEqual(checkModel("bigint", "5").problems, [": string instead of an integer"]);
    assert.deepEqual(checkModel("bigint", 1.5).problems.length, 1);
  });

  it("reads every kind of type that the generator prints", () => {
    for (const [type, fits, differs] of [
      ['"a" | "b" | (string & {})', "c", 1],
      ["1 | 2 | (number & {})", 3, "c"],
      ["Record<string, (string | null)[]>", { a: ["b", null] }, { a: [1] }],
      ["readonly string[] | null", null, [1]],
      ["{ [K in keyof Checkpoint]: Checkpoint[K] | null }[]", [{ Name: null }], [{}]],
      ["Record<string, EmptyObject>", { "80/tcp": {} }, { "80/tcp": 1 }],
      ["Record<string, unknown>", { a: [1] }, []],
    ] as const) {
      assert.deepEqual(checkModel(type, fits).problems, [], type);
      assert.equal(checkModel(type, differs).problems.length, 1, type);
    }
    assert.throws(() => parseModelType("string["));
    assert.throws(() => parseModelType("string string"));
    assert.throws(() => checkModel("NoSuchModel", {}));
  });
});

describe("the shape of JSON", () => {
  it("is that of its fields and types, whatever the data", () => {
    assert.equal(shapeOf({ a: [1, "x", 2], b: null }), shapeOf({ b: null, a: ["y", 3] }));
    assert.notEqual(shapeOf({ a: 1 }), shapeOf({ a: null }));
    assert.equal(shapeOf({ "80/tcp": {} }), shapeOf({ "443/tcp": {} }));
  });
});
