import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DecodedStream, type Decoder } from "../../src/codecs/decoded-stream.ts";
import { read, readAll, Source } from "./support.ts";

/** Gives each number as often as it says, and fails at a negative one. */
class Repeater implements Decoder<number, string> {
  #value = 0;
  #left = 0;

  push(value: number): void {
    this.#value = value;
    this.#left = value;
  }

  next(): string | undefined {
    if (this.#left < 0) {
      throw new RangeError(`${this.#value} times`);
    }
    if (this.#left === 0) {
      return undefined;
    }
    this.#left -= 1;
    return `${this.#value}`;
  }

  end(): void {
    if (this.#value === 13) {
      throw new RangeError("ended at 13");
    }
    this.#left = this.#value === 7 ? 1 : 0;
  }
}

const open = (source: AsyncIterable<number>) => new DecodedStream(source, new Repeater());

/** A source that gives nothing until it is closed, and then either ends or fails. */
class Silent implements AsyncIterableIterator<number> {
  closed = false;
  readonly #failure: Error | undefined;
  #settle: (() => void) | undefined;

  constructor(failure?: Error) {
    this.#failure = failure;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<number, undefined>> {
    return new Promise((resolve, reject) => {
      this.#settle = () => (this.#failure ? reject(this.#failure) : resolve({ done: true, value: undefined }));
    });
  }

  async return(): Promise<IteratorResult<number, undefined>> {
    this.closed = true;
    this.#settle?.();
    return { done: true, value: undefined };
  }
}

describe("a decoded stream", () => {
  it("gives every output of every input, and what the decoder has left at the end", async () => {
    assert.deepEqual(await readAll(open(new Source([2, 0, 1, 7]))), ["2", "2", "1", ...Array(8).fill("7")]);
  });

  it("asks the source for no more than its reader has used up", async () => {
    const source = new Source([3, 1]);
    const stream = open(source);
    assert.equal(source.reads, 0);
    await stream.next();
    await stream.next();
    await stream.next();
    assert.equal(source.reads, 1);
    await stream.next();
    assert.equal(source.reads, 2);
  });

  it("is its own iterator, so a second loop goes on where the first was", async () => {
    const stream = open(new Source([2, 1]));
    assert.equal(stream[Symbol.asyncIterator](), stream);
    assert.deepEqual(await stream.next(), { done: false, value: "2" });
    assert.deepEqual(await readAll(stream), ["2", "1"]);
  });

  it("answers overlapping calls in their order, reading the source once for each input", async () => {
    const source = new Source([1, 2, 1]);
    const stream = open(source);
    const results = await Promise.all(Array.from({ length: 6 }, () => stream.next()));
    assert.deepEqual(
      results.map(({ value }) => value),
      ["1", "2", "2", "1", undefined, undefined],
    );
    assert.equal(source.reads, 4);
  });

  it("fails one of the overlapping calls and ends the others", async () => {
    const source = new Source([1, -1, 5]);
    const stream = open(source);
    const results = await Promise.allSettled([stream.next(), stream.next(), stream.next(), stream.next()]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled", "fulfilled"],
    );
    assert.deepEqual(results[3], { status: "fulfilled", value: { done: true, value: undefined } });
    assert.ok(source.closed);
  });

  it("closes the source when the loop is left", async () => {
    const source = new Source([5, 5]);
    for await (const _ of open(source)) {
      break;
    }
    assert.ok(source.closed);
    assert.equal(source.reads, 1);
  });

  it("closes the source when the loop's body throws", async () => {
    const source = new Source([5, 5]);
    await assert.rejects(async () => {
      for await (const _ of open(source)) {
        throw new TypeError("the caller's");
      }
    }, new TypeError("the caller's"));
    assert.ok(source.closed);
  });

  it("closes the source and rejects with what is thrown into it", async () => {
    const source = new Source([5]);
    const stream = open(source);
    await assert.rejects(stream.throw(new TypeError("into it")), new TypeError("into it"));
    assert.ok(source.closed);
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
  });

  it("closes the source when the decoder fails, then has ended", async () => {
    for (const inputs of [[-1], [2, -1]]) {
      const source = new Source(inputs);
      const stream = open(source);
      const { error } = await read(stream);
      assert.deepEqual(error, new RangeError("-1 times"));
      assert.ok(source.closed);
      assert.deepEqual(await stream.next(), { done: true, value: undefined });
    }
  });

  it("throws the decoder's error even when closing the source fails", async () => {
    const source = new Source([-1]);
    source.return = () => Promise.reject(new Error("cannot close"));
    assert.deepEqual((await read(open(source))).error, new RangeError("-1 times"));
  });

  it("throws the source's error after what came before it, then has ended", async () => {
    const stream = open(new Source([2], new Error("reset")));
    assert.deepEqual(await read(stream), { values: ["2", "2"], error: new Error("reset") });
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
  });

  it("throws what the decoder says of an end that comes too early, without closing a source that has ended", async () => {
    const source = new Source([13]);
    const { values, error } = await read(open(source));
    assert.equal(values.length, 13);
    assert.deepEqual(error, new RangeError("ended at 13"));
    assert.equal(source.closed, false);
  });

  for (const [name, failure] of [
    ["ends", undefined],
    ["fails", new Error("closed")],
  ] as const) {
    it(`ends a call that waits when it is closed meanwhile and the source then ${name}`, async () => {
      const source = new Silent(failure);
      const stream = open(source);
      const waiting = [stream.next(), stream.next()];
      await stream.return();
      assert.deepEqual(await Promise.all(waiting), [
        { done: true, value: undefined },
        { done: true, value: undefined },
      ]);
      assert.ok(source.closed);
    });
  }

  it("is closed once, however often it is asked to", async () => {
    let closings = 0;
    const source = new Source([1]);
    source.return = async () => {
      closings += 1;
      return { done: true, value: undefined };
    };
    const stream = open(source);
    await stream.return();
    await stream.return();
    assert.equal(closings, 1);
  });

  it("can read a source that has no way to be closed", async () => {
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: 1 }) }),
    };
    const stream = open(source);
    assert.deepEqual(await stream.next(), { done: false, value: "1" });
    assert.deepEqual(await stream.return(), { done: true, value: undefined });
  });
});
