import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Rendezvous } from "../../src/fleet/rendezvous.ts";

const nothing = async () => {};

describe("a rendezvous", () => {
  it("makes each giver wait until its item is taken", async () => {
    const items = new Rendezvous<string>(nothing);
    const taken: string[] = [];
    for (const item of ["a", "b"]) void items.give(item).then((wanted) => taken.push(`${item} ${wanted}`));
    await turn();
    assert.deepEqual(taken, []);
    assert.deepEqual(await items.next(), { done: false, value: "a" });
    await turn();
    assert.deepEqual(taken, ["a true"]);
    assert.deepEqual(await items.next(), { done: false, value: "b" });
    await turn();
    assert.deepEqual(taken, ["a true", "b true"]);
  });

  it("serves readers who wait, in their order", async () => {
    const items = new Rendezvous<number>(nothing);
    const results = Promise.all([items.next(), items.next(), items.next()]);
    assert.deepEqual([await items.give(1), await items.give(2)], [true, true]);
    items.end();
    assert.deepEqual(
      (await results).map(({ value }) => value),
      [1, 2, undefined],
    );
    assert.equal(await items.give(3), false);
  });

  it("drops what was not taken when it ends, and tells a failure once", async () => {
    const items = new Rendezvous<number>(nothing);
    const given = items.give(1);
    items.end({ error: new Error("broken") });
    items.end();
    assert.equal(await given, false);
    await assert.rejects(items.next(), /broken/);
    assert.deepEqual(await items.next(), { done: true, value: undefined });
  });

  it("tells a failure to the first of those who wait", async () => {
    const items = new Rendezvous<number>(nothing);
    const [first, second] = [items.next(), items.next()];
    items.end({ error: new Error("broken") });
    await assert.rejects(first, /broken/);
    assert.deepEqual(await second, { done: true, value: undefined });
    assert.deepEqual(await items.next(), { done: true, value: undefined });
  });

  it("tells its owner when the reader leaves, and waits for that", async () => {
    let left = false;
    const items = new Rendezvous<number>(async () => {
      await turn();
      left = true;
    });
    const given = items.give(1);
    for await (const item of items) {
      assert.equal(item, 1);
      break;
    }
    assert.deepEqual([left, await given], [true, true]);
    assert.deepEqual(await items.next(), { done: true, value: undefined });
  });
});
