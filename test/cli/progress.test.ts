import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { progressLines } from "../../src/cli/progress-bars.ts";
import { Screen } from "../../src/cli/screen.ts";
import { type ProgressEvent, ProgressTracker } from "../../src/index.ts";
import { RawServer } from "../support/raw-server.ts";
import { fairlead, Written } from "./support.ts";

const detail = (id: string, status: string, current?: number, total?: number): ProgressEvent => ({
  id,
  status,
  progressDetail: current === undefined || total === undefined ? {} : { current, total },
});

const events: readonly ProgressEvent[] = [
  { id: "3", status: "Pulling from library/demo" },
  detail("aaaaaaaaaaaa", "Pulling fs layer"),
  detail("bbbbbbbbbbbb", "Pulling fs layer"),
  detail("aaaaaaaaaaaa", "Downloading", 500_000, 1_000_000),
  detail("aaaaaaaaaaaa", "Downloading", 750_000, 1_000_000),
  detail("bbbbbbbbbbbb", "Already exists"),
];

function linesOf(given: readonly ProgressEvent[], columns: number, rows: number = 24): string[] {
  const tracker = new ProgressTracker();
  for (const event of given) {
    tracker.add(event);
  }
  return progressLines(tracker.summarize(), { columns, rows });
}

describe("the bars of a pull", () => {
  it("show each layer and the total", () => {
    assert.deepEqual(linesOf(events, 79), [
      "aaaaaaaaaaaa Downloading        [===============>     ] 750kB/1MB",
      "bbbbbbbbbbbb Already exists",
      "Total        1 of 2 layers      [=================>   ]  87%  750kB/1MB",
    ]);
  });

  it("are left out where the terminal is too narrow, and no line reaches its edge", () => {
    const lines = linesOf(events, 40);
    assert.deepEqual(lines, [
      "aaaaaaaaaaaa Downloading        750kB/…",
      "bbbbbbbbbbbb Already exists",
      "Total        1 of 2 layers       87%  …",
    ]);
    assert.ok(lines.every((line) => line.length < 40));
  });

  it("show the layers that are not done where the terminal is too low", () => {
    const many = [..."cdefghij"].map((id) => detail(id, id < "g" ? "Pull complete" : "Waiting"));
    const shown = linesOf(many, 80, 7).map((line) => line.slice(0, 13).trim());
    assert.deepEqual(shown, ["g", "h", "i", "j", "… and 4 more", "Total"]);
  });

  it("are not there before the first layer", () => assert.deepEqual(linesOf(events.slice(0, 1), 80), []));
});

describe("the screen", () => {
  it("draws each frame over the last one in one write, and gives the cursor back once", async () => {
    const written = new Written();
    const screen = new Screen(written);
    await screen.draw(["a", "b"], ["above"]);
    await screen.draw(["c", "d"]);
    await screen.draw(["e"]);
    await screen.leave();
    await screen.leave();
    assert.deepEqual(written.chunks, [
      "\u001b[?25labove\u001b[K\na\u001b[K\nb\u001b[K\n",
      "\u001b[2Ac\u001b[K\nd\u001b[K\n",
      "\u001b[2Ae\u001b[K\n\u001b[J",
      "\u001b[?25h",
    ]);
  });
});

/** A server that answers every pull with the given records, written with a pause before each. */
async function engineThatPulls(records: readonly object[], pauseMs: number = 0): Promise<RawServer> {
  return RawServer.listen("tcp", async (connection) => {
    for (;;) {
      const head = await connection.head();
      const [method = ""] = head.split(" ");
      if (method === "HEAD" || head.includes("/_ping")) {
        await connection.write("HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Length: 0\r\n\r\n");
        continue;
      }
      await connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");
      for (const record of records) {
        await delay(pauseMs);
        await connection.write(`${JSON.stringify(record)}\r\n`);
      }
      connection.close();
      return;
    }
  });
}

const closing = [{ status: "Digest: sha256:12" }, { status: "Status: Downloaded newer image for demo:3" }];

describe("fairlead pull", () => {
  const pull = async (records: readonly object[], args: readonly string[], isTTY: boolean = false, pauseMs = 0) => {
    await using server = await engineThatPulls(records, pauseMs);
    const stdout = new Written();
    const host = server.dialer.endpoint;
    const result = await fairlead(["-H", host, "pull", ...args, "demo:3"], { stdout, isTTY });
    return { ...result, stdout };
  };

  it("prints each change of a layer once when it writes into a pipe", async () => {
    const { exitCode, stdout } = await pull([...events, ...closing], []);
    assert.equal(exitCode, 0);
    assert.deepEqual(stdout.text.split("\n"), [
      "3: Pulling from library/demo",
      "aaaaaaaaaaaa: Pulling fs layer",
      "bbbbbbbbbbbb: Pulling fs layer",
      "aaaaaaaaaaaa: Downloading",
      "bbbbbbbbbbbb: Already exists",
      "Digest: sha256:12",
      "Status: Downloaded newer image for demo:3",
      "",
    ]);
  });

  it("prints the name alone with --quiet", async () => {
    assert.equal((await pull([...events, ...closing], ["-q"])).stdout.text, "demo:3\n");
  });

  it("prints every event as a line of JSON with --json", async () => {
    const { stdout } = await pull([...events, ...closing], ["--json"]);
    assert.deepEqual(
      stdout.text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
      [...events, ...closing],
    );
  });

  it("draws at most ten frames a second in a terminal, and ends with the engine's words", async () => {
    const startedMs = performance.now();
    const { stdout } = await pull([...events, ...events, ...events, ...closing], [], true, 20);
    const seconds = (performance.now() - startedMs) / 1000;
    const frames = stdout.chunks.filter((chunk) => chunk.includes("Total"));
    assert.ok(frames.length >= 2 && frames.length <= seconds * 10 + 2, `${frames.length} frames in ${seconds} s`);
    assert.ok(stdout.text.startsWith("\u001b[?25l3: Pulling from library/demo\u001b[K\n"));
    assert.deepEqual(stdout.chunks.slice(-3), [
      "Digest: sha256:12\n",
      "Status: Downloaded newer image for demo:3\n",
      "\u001b[?25h",
    ]);
  });

  it("gives the cursor back and exits 1 when the pull fails in the middle", async () => {
    const failure = { errorDetail: { message: "no space left on device" }, error: "no space left on device" };
    const { exitCode, stdout, stderr } = await pull([...events, failure], [], true);
    assert.deepEqual([exitCode, stderr], [1, "fairlead: no space left on device\n"]);
    assert.ok(stdout.text.endsWith("\u001b[?25h"));
    assert.match(stdout.text, /Already exists/);
  });
});
