import assert from "node:assert/strict";
import { it } from "node:test";
import type { LogsOptions } from "../../src/index.ts";
import { forEachEngine } from "../support/engines.ts";
import { fails, nobody, useWorkbench } from "./support.ts";

forEachEngine("logs of the past", (engine) => {
  const { docker, run } = useWorkbench(engine);

  const linesOf = async (id: string, options?: LogsOptions) => {
    const lines: string[] = [];
    for await (const { stream, text } of docker.containers.logs(id, options).lines()) {
      lines.push(`${stream} ${text}`);
    }
    return lines.sort(); // between the two streams the engine promises no order
  };
  const bytesOf = async (id: string) => {
    const pieces: Uint8Array[] = [];
    for await (const { stream, data } of docker.containers.logs(id)) {
      assert.equal(stream, "stdout");
      pieces.push(data);
    }
    return Buffer.concat(pieces);
  };

  it("come apart by stream, all or one of them", async () => {
    const id = await run("echo to out; echo to err >&2");
    assert.deepEqual(await linesOf(id), ["stderr to err", "stdout to out"]);
    assert.deepEqual(await linesOf(id, { stdout: true }), ["stdout to out"]);
    assert.deepEqual(await linesOf(id, { stderr: true }), ["stderr to err"]);
    assert.deepEqual(await linesOf(id, { stdout: true, stderr: false }), ["stdout to out"]);
    assert.equal(await docker.containers.logs(id, { stderr: true }).text(), "to err\n");
  });

  it("come as an outcome whose value is the stream", async () => {
    const outcome = await docker.containers.logs(await run("echo hello")).outcome();
    assert.deepEqual([outcome.kind, outcome.status], ["Succeeded", 200]);
    assert.equal(outcome.kind === "Succeeded" && (await outcome.value.text()), "hello\n");
  });

  it("of a terminal are one stream, also when they look like a frame's header", async () => {
    for (const type of [0, 1, 2]) {
      const header = `\\00${type}\\000\\000\\000\\000\\000\\000\\004`;
      const id = await run(`stty -onlcr; printf '${header}data and more'`, { Tty: true });
      assert.deepEqual([...(await bytesOf(id))], [type, 0, 0, 0, 0, 0, 0, 4, ...Buffer.from("data and more")]);
    }
  });

  it("of a terminal need no inspection when the caller says that there is one", async () => {
    const id = await run("printf hello", { Tty: true });
    assert.equal(await docker.containers.logs(id, { tty: true }).text(), "hello");
  });

  it("keep the bytes that the engine kept, text or not", async () => {
    const id = await run("printf '\\000\\001\\377\\376\\n'");
    const { isPodman } = await engine.facts();
    // Docker's default log driver keeps JSON, and so writes U+FFFD for what is not UTF-8.
    const rest = isPodman ? [0xff, 0xfe, 10] : [0xef, 0xbf, 0xbd, 0xef, 0xbf, 0xbd, 10];
    assert.deepEqual([...(await bytesOf(id))], [0, 1, ...rest]);
  });

  it("keep characters whose bytes were printed one by one", async () => {
    const id = await run('for b in 360 237 220 213; do printf "\\\\$b"; sleep 0.02; done; echo');
    assert.equal(await docker.containers.logs(id).text(), "🐋\n");
  });

  it("may be 100,000 lines long", async () => {
    const id = await run("seq 100000");
    let count = 0;
    for await (const { text } of docker.containers.logs(id).lines()) {
      count += 1;
      assert.equal(text, String(count));
    }
    assert.equal(count, 100_000);
  });

  it("may have a line of a mebibyte that does not end", async () => {
    const id = await run("head -c 1048576 /dev/zero | tr '\\0' x");
    const lines: number[] = [];
    for await (const { text } of docker.containers.logs(id).lines()) {
      lines.push(text.length);
    }
    assert.deepEqual(lines, [1_048_576]);
  });

  it("of no stream at all are refused by the engine", async () => {
    const id = await run("true");
    await fails(
      docker.containers.logs(id, { stdout: false, stderr: false }),
      "BadParameter",
      400,
      /at least one stream/,
    );
  });

  it("may be nothing", async () => {
    const id = await run("true");
    assert.equal(await docker.containers.logs(id).text(), "");
    assert.deepEqual(await linesOf(id), []);
  });

  it("can be cut to the last lines, to a span of time, and carry the time of each line", async () => {
    const id = await run("echo one; sleep 2.1; echo two");
    assert.deepEqual(await linesOf(id, { tail: "1" }), ["stdout two"]);
    assert.deepEqual(await linesOf(id, { tail: "all" }), ["stdout one", "stdout two"]);
    const [first = "", second = ""] = await linesOf(id, { timestamps: true });
    const format = /^stdout (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (one|two)$/;
    assert.deepEqual([format.exec(first)?.[2], format.exec(second)?.[2]], ["one", "two"]);
    const between = new Date(
      (Date.parse(format.exec(first)?.[1] ?? "") + Date.parse(format.exec(second)?.[1] ?? "")) / 2,
    );
    for (const moment of [between, between.getTime() / 1000, between.toISOString()]) {
      assert.deepEqual(await linesOf(id, { since: moment }), ["stdout two"]);
      assert.deepEqual(await linesOf(id, { until: moment }), ["stdout one"]);
    }
  });

  it("of a container that is not there are an outcome", async () => {
    await fails(docker.containers.logs(nobody), "NoSuchContainer", 404, /no such container/i);
    await assert.rejects(docker.containers.logs(nobody).text(), { name: "StatusError", kind: "NoSuchContainer" });
    await assert.rejects(docker.containers.logs(nobody).lines().next(), { name: "StatusError" });
    await assert.rejects(docker.containers.logs(nobody)[Symbol.asyncIterator]().next(), { name: "StatusError" });
  });
});
