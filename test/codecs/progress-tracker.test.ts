import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProgressEvent } from "../../src/codecs/progress.ts";
import { ProgressTracker } from "../../src/codecs/progress-tracker.ts";

function track(events: readonly ProgressEvent[]): ProgressTracker {
  const tracker = new ProgressTracker();
  for (const event of events) {
    tracker.add(event);
  }
  return tracker;
}

const report = (id: string, status: string, current?: number, total?: number): ProgressEvent => ({
  id,
  status,
  progressDetail: current === undefined || total === undefined ? {} : { current, total },
});

describe("the progress tracker", () => {
  it("begins with nothing", () => {
    assert.deepEqual(new ProgressTracker().summarize(), {
      layers: [],
      layersDone: 0,
      currentBytes: 0,
      totalBytes: 0,
      percent: 0,
      status: undefined,
    });
  });

  it("follows a pull from its first report to its last", () => {
    const steps: [ProgressEvent, number, number, number, number][] = [
      [report("3", "Pulling from library/alpine"), 0, 0, 0, 0],
      [report("aa", "Pulling fs layer"), 0, 0, 0, 0],
      [report("bb", "Already exists"), 0, 0, 50, 1],
      [report("aa", "Downloading", 25, 100), 25, 100, 62, 1],
      [report("aa", "Downloading", 100, 100), 100, 100, 99, 1],
      [report("aa", "Verifying Checksum"), 100, 100, 99, 1],
      [report("aa", "Download complete"), 100, 100, 99, 1],
      [report("aa", "Extracting", 10, 100), 100, 100, 99, 1],
      [report("aa", "Pull complete"), 100, 100, 100, 2],
    ];
    const tracker = new ProgressTracker();
    for (const [event, current, total, percent, done] of steps) {
      tracker.add(event);
      const summary = tracker.summarize();
      const { currentBytes, totalBytes, layersDone } = summary;
      assert.deepEqual(
        [currentBytes, totalBytes, summary.percent, layersDone],
        [current, total, percent, done],
        event.status,
      );
    }
    tracker.add({ status: "Status: Downloaded newer image for alpine:3" });
    const { status, layers } = tracker.summarize();
    assert.equal(status, "Status: Downloaded newer image for alpine:3");
    assert.deepEqual(layers, [
      { id: "aa", status: "Pull complete", currentBytes: 100, totalBytes: 100, done: true },
      { id: "bb", status: "Already exists", currentBytes: 0, totalBytes: undefined, done: true },
    ]);
  });

  it("does not take the tag for a layer", () => {
    const { layers, status } = track([report("3", "Pulling from library/alpine")]).summarize();
    assert.deepEqual(layers, []);
    assert.equal(status, "3: Pulling from library/alpine");
  });

  it("counts the whole layer when it is downloaded, though the last count was lower", () => {
    const { currentBytes } = track([report("a", "Downloading", 90, 100), report("a", "Download complete")]).summarize();
    assert.equal(currentBytes, 100);
  });

  it("does not take the seconds of an extraction for bytes", () => {
    const extracting = { id: "a", status: "Extracting", progressDetail: { current: 4, units: "s" } };
    const [layer] = track([report("a", "Downloading", 90, 100), extracting]).summarize().layers;
    assert.deepEqual(layer, { id: "a", status: "Extracting", currentBytes: 100, totalBytes: 100, done: false });
  });

  it("keeps what was downloaded when a download is tried again", () => {
    const events = [
      report("a", "Downloading", 50, 100),
      report("a", "Retrying in 5 seconds"),
      report("a", "Downloading", 10, 100),
    ];
    assert.equal(track(events).summarize().currentBytes, 50);
  });

  for (const last of ["Pushed", "Layer already exists", "Mounted from library/alpine"]) {
    it(`ends a pushed layer with "${last}"`, () => {
      const { percent, layersDone } = track([
        report("a", "Preparing"),
        report("a", "Pushing", 5, 10),
        report("a", last),
      ]).summarize();
      assert.deepEqual([percent, layersDone], [100, 1]);
    });
  }

  it("ends a loaded layer with its last byte", () => {
    assert.equal(track([report("a", "Loading layer", 5, 10)]).summarize().percent, 50);
    assert.equal(track([report("a", "Loading layer", 10, 10)]).summarize().percent, 100);
  });

  it("ends a plugin's layers with their own words, whatever is said of them afterwards", () => {
    const pulled = [
      report("a", "Extracting", 95, 95),
      { id: "a", status: "Complete" },
      { id: "a", status: "Download complete" },
    ];
    const pushed = { id: "b", status: "Upload complete" };
    const { layersDone, percent } = track([...pulled, pushed]).summarize();
    assert.deepEqual([layersDone, percent], [2, 100]);
  });

  it("survives counts without a total, and more bytes than the total", () => {
    const noTotal = { id: "a", status: "Downloading", progressDetail: { current: 5 } };
    assert.deepEqual(track([noTotal]).summarize().layers, [
      { id: "a", status: "Downloading", currentBytes: 5, totalBytes: undefined, done: false },
    ]);
    assert.equal(track([report("a", "Downloading", 15, 10)]).summarize().percent, 99);
  });

  it("passes over what is not about layers: a build's text and trace", () => {
    const { layers, status } = track([{ stream: "Step 1\n" }, { id: "moby.buildkit.trace", aux: "Cg==" }]).summarize();
    assert.deepEqual([layers, status], [[], undefined]);
  });
});
