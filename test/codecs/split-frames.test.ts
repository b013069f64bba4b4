import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame } from "../../src/codecs/frames.ts";
import { splitFrames } from "../../src/codecs/split-frames.ts";
import { read, Source } from "./support.ts";

const frame = (stream: Frame["stream"], text: string): Frame => ({ stream, data: Buffer.from(text) });
const text = (values: readonly Uint8Array[]): string => Buffer.concat(values).toString();

test("both outputs are given apart, whichever is read first", async () => {
  const frames = [frame("stdout", "o1"), frame("stderr", "e1"), frame("stderr", "e2"), frame("stdout", "o2")];
  for (const order of [
    ["stdout", "stderr"],
    ["stderr", "stdout"],
  ] as const) {
    const split = splitFrames(new Source(frames));
    const outputs = { stdout: "", stderr: "" };
    for (const name of order) {
      outputs[name] = text((await read(split[name])).values);
    }
    assert.deepEqual(outputs, { stdout: "o1o2", stderr: "e1e2" });
  }
  const { stdout, stderr } = splitFrames(new Source(frames));
  const both = await Promise.all([read(stdout), read(stderr)]);
  assert.deepEqual(
    both.map(({ values }) => text(values)),
    ["o1o2", "e1e2"],
  );
});

test("no more than 64 KiB are kept of an output that is not read", async () => {
  const source = new Source(Array.from({ length: 100 }, () => frame("stderr", "x".repeat(1024))));
  const { stdout, stderr } = splitFrames(source);
  const waiting = stdout.next();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(source.reads, 64);
  assert.equal(text((await read(stderr)).values).length, 100 * 1024);
  assert.deepEqual(await waiting, { done: true, value: undefined });
});

test("an output that is left is passed over, and the source is closed with the second", async () => {
  const source = new Source(
    Array.from({ length: 200 }, (_, at) => frame(at % 2 ? "stderr" : "stdout", "x".repeat(1024))),
  );
  const { stdout, stderr } = splitFrames(source);
  await stderr.next();
  await stderr.return?.();
  assert.equal(source.closed, false);
  for (let count = 0; count < 50; count += 1) {
    assert.equal((await stdout.next()).done, false);
  }
  await stdout.return?.();
  assert.equal(source.closed, true);
  assert.deepEqual(await stdout.next(), { done: true, value: undefined });
});

test("a failure of the source is thrown by both, after what came before it", async () => {
  const failure = new Error("broken");
  const { stdout, stderr } = splitFrames(new Source([frame("stdout", "o"), frame("stderr", "e")], failure));
  const [out, error] = await Promise.all([read(stdout), read(stderr)]);
  assert.deepEqual([text(out.values), out.error], ["o", failure]);
  assert.deepEqual([text(error.values), error.error], ["e", failure]);
  assert.deepEqual(await stdout.next(), { done: true, value: undefined });
});

test("reads that overlap are answered in their order", async () => {
  const { stdout } = splitFrames(new Source([frame("stdout", "1"), frame("stderr", "e"), frame("stdout", "2")]));
  const results = await Promise.all([stdout.next(), stdout.next(), stdout.next()]);
  assert.deepEqual(
    results.map(({ value }) => value && Buffer.from(value).toString()),
    ["1", "2", undefined],
  );
});
