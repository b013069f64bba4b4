import assert from "node:assert/strict";
import { it } from "node:test";
import { type BuildEvent, BuildEvents } from "../../src/build/build-events.ts";
import { folderContext } from "../../src/build/context.ts";
import { BuildError, CopyError, EngineStreamError, type ProgressEvent, TraceError } from "../../src/index.ts";

/** Progress that says whether it was closed, and may end with an error. */
class Source implements AsyncIterableIterator<ProgressEvent> {
  closed = false;
  readonly #events: ProgressEvent[];
  readonly #error: Error | undefined;

  constructor(events: readonly ProgressEvent[], error?: Error) {
    this.#events = [...events];
    this.#error = error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ProgressEvent, undefined>> {
    const value = this.#events.shift();
    if (value === undefined && this.#error !== undefined) {
      throw this.#error;
    }
    return value === undefined ? { done: true, value } : { done: false, value };
  }

  async return(): Promise<IteratorResult<ProgressEvent, undefined>> {
    this.closed = true;
    return { done: true, value: undefined };
  }
}

/** A field of a message that is short and no number. */
function field(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  assert.ok(bytes.length < 128);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}

function trace(...fields: readonly Buffer[]): ProgressEvent {
  return { id: "moby.buildkit.trace", aux: Buffer.concat(fields).toString("base64") };
}

const vertex = (digest: string, name: string, error = "") =>
  field(1, Buffer.concat([field(1, digest), field(3, name), field(7, error)]));
const log = (digest: string, text: string | Buffer) => field(3, Buffer.concat([field(1, digest), field(4, text)]));

async function readAll(source: Source): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  for await (const event of new BuildEvents(source)) {
    events.push(event);
  }
  return events;
}

it("one record of the trace gives all its events, and other progress is passed on", async () => {
  const pulling = { id: "layer", status: "Downloading" };
  const events = await readAll(
    new Source([
      trace(vertex("v", "RUN"), log("v", "x")),
      trace(),
      { stream: "s" },
      pulling,
      { aux: { ID: "sha256:1" } },
    ]),
  );
  assert.deepEqual(
    events.map(({ type }) => type),
    ["vertex", "log", "output", "progress", "image"],
  );
  assert.deepEqual(events.slice(3), [
    { type: "progress", progress: pulling },
    { type: "image", id: "sha256:1" },
  ]);
});

it("a failure names the step that failed, not one that was cancelled with it", async () => {
  const report = new EngineStreamError("it failed", { code: 3, operation: "ImageBuild" });
  const half = Buffer.from("é");
  const source = new Source(
    [
      trace(
        vertex("a", "one"),
        vertex("b", "two"),
        log("a", "from one\n"),
        log("b", Buffer.from("from two ")),
        log("b", half),
      ),
      trace(vertex("a", "one", "context canceled"), vertex("b", "two", "exit code: 1")),
    ],
    report,
  );
  await assert.rejects(readAll(source), (error) => {
    assert.ok(error instanceof BuildError && error instanceof EngineStreamError);
    assert.deepEqual([error.name, error.engineMessage, error.code], ["BuildError", "it failed", 3]);
    assert.deepEqual([error.step, error.lastLines, error.operation], ["two", ["from two é"], "ImageBuild"]);
    assert.equal(error.cause, report);
    return true;
  });
});

it("a failure before the first step has none", async () => {
  await assert.rejects(readAll(new Source([], new EngineStreamError("no"))), (error) => {
    assert.ok(error instanceof BuildError);
    assert.deepEqual([error.step, error.lastLines], [undefined, []]);
    return true;
  });
});

it("only the last lines are kept, without colours and however long they are", async () => {
  const red = `${String.fromCharCode(27)}[91mred${String.fromCharCode(27)}[0m\n`;
  const lines = Array.from({ length: 5000 }, (_, index) => ({ stream: `line ${index}\n` }));
  const endless = Array.from({ length: 100 }, () => ({ stream: "x".repeat(1000) }));
  const source = new Source(
    [{ stream: "Step 1/1 : RUN it" }, { stream: "\n" }, ...lines, { stream: red }, ...endless],
    new EngineStreamError("no"),
  );
  await assert.rejects(readAll(source), (error) => {
    assert.ok(error instanceof BuildError);
    assert.equal(error.step, "Step 1/1 : RUN it");
    assert.deepEqual(error.lastLines.slice(-3), ["line 4999", "red", "x".repeat(4096)]);
    assert.equal(error.lastLines.length, 20);
    return true;
  });
});

it("a trace that cannot be read is an error, and ends the connection", async () => {
  const source = new Source([{ id: "moby.buildkit.trace", aux: "////" }, { stream: "more" }]);
  await assert.rejects(readAll(source), (error) => error instanceof TraceError && error.bytes.toString() === "////");
  assert.equal(source.closed, true);
});

it("leaving the loop ends the connection, also before the first event", async () => {
  const source = new Source([{ stream: "one" }, { stream: "two" }]);
  for await (const event of new BuildEvents(source)) {
    assert.equal(event.type, "output");
    break;
  }
  assert.equal(source.closed, true);
  const unread = new Source([{ stream: "one" }]);
  await new BuildEvents(unread).return();
  assert.equal(unread.closed, true);
});

it("failures of the stream that are not the build's pass through", async () => {
  const other = new TypeError("other");
  await assert.rejects(readAll(new Source([], other)), (error) => error === other);
});

it("a context without a Dockerfile is refused before anything is sent", async () => {
  const folder = new URL(".", import.meta.url).pathname;
  await assert.rejects(folderContext(folder, { ownIgnoreFile: false }), (error) => {
    return error instanceof CopyError && error.reason === "no-such-path" && error.entry.endsWith("/Dockerfile");
  });
});
