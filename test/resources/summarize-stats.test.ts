import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ContainerStatsResponse, summarizeStats } from "../../src/index.ts";

/** A sample as an engine sends it, which may lack what the models call required. */
function sample(parts: object): ContainerStatsResponse {
  return parts as ContainerStatsResponse;
}

const nothing = {
  ...{ cpuPercent: 0, memoryUsageBytes: 0, memoryLimitBytes: 0, memoryPercent: 0, networkRxBytes: 0 },
  ...{ networkTxBytes: 0, blockReadBytes: 0, blockWriteBytes: 0, pids: 0 },
};

const cpu = (total: number, system: number | undefined, rest: object = {}) => ({
  cpu_usage: { total_usage: total, ...rest },
  system_cpu_usage: system,
  online_cpus: 4,
});

describe("a summary of statistics", () => {
  for (const [title, parts] of Object.entries({
    "nothing at all": {},
    "empty parts": { cpu_stats: {}, precpu_stats: {}, memory_stats: {}, pids_stats: {}, blkio_stats: {}, networks: {} },
    nulls: {
      ...{ cpu_stats: null, precpu_stats: null, memory_stats: null, pids_stats: null, blkio_stats: null },
      ...{ networks: null, storage_stats: null, num_procs: null, os_type: "" },
    },
    "nulls inside": {
      ...{ cpu_stats: { cpu_usage: null }, memory_stats: { stats: null, usage: null, limit: null } },
      ...{ blkio_stats: { io_service_bytes_recursive: null }, pids_stats: { current: null } },
    },
    "no sample before, and zeros": { cpu_stats: cpu(0, 0), memory_stats: { usage: 0, limit: 0, stats: {} } },
    "Windows without anything": { os_type: "windows" },
  })) {
    test(`of ${title} is zeros`, () => assert.deepEqual(summarizeStats(sample(parts)), nothing));
  }

  for (const [title, now, before, percent] of [
    ["half of one of four processors", cpu(1_500, 5_000), cpu(1_000, 1_000), 50],
    ["all four processors", cpu(5_000, 5_000), cpu(1_000, 1_000), 400],
    ["no time before", cpu(1_000, 4_000), {}, 100],
    ["a counter that went back", cpu(500, 5_000), cpu(1_000, 1_000), 0],
    ["a system counter that stands", cpu(1_500, 1_000), cpu(1_000, 1_000), 0],
    [
      "counters of each processor",
      { ...cpu(2_000, 5_000, { percpu_usage: [1, 2] }), online_cpus: 0 },
      cpu(0, 1_000),
      100,
    ],
    ["neither their number nor their counters", { ...cpu(2_000, 5_000), online_cpus: 0 }, cpu(0, 1_000), 0],
  ] as const) {
    test(`of ${title} shows ${percent} percent`, () => {
      const { cpuPercent } = summarizeStats(sample({ cpu_stats: now, precpu_stats: before }));
      assert.equal(cpuPercent, percent);
    });
  }

  for (const [title, memory, used] of [
    ["version 1 of the control groups", { usage: 1_000, stats: { total_inactive_file: 300, inactive_file: 200 } }, 700],
    ["version 2", { usage: 1_000, stats: { inactive_file: 200 } }, 800],
    ["a cache beyond the use", { usage: 1_000, stats: { total_inactive_file: 2_000, inactive_file: 3_000 } }, 1_000],
    [
      "an old key beyond the use, and a new one",
      { usage: 1_000, stats: { total_inactive_file: 2_000, inactive_file: 1 } },
      999,
    ],
    ["no details", { usage: 1_000 }, 1_000],
  ] as const) {
    test(`leaves the cache out of the memory with ${title}`, () => {
      const found = summarizeStats(sample({ memory_stats: { ...memory, limit: 4_000 } }));
      assert.deepEqual([found.memoryUsageBytes, found.memoryLimitBytes], [used, 4_000]);
      assert.equal(found.memoryPercent, (used / 4_000) * 100);
    });
  }

  test("adds up all networks, and the reads and writes of all devices", () => {
    const found = summarizeStats(
      sample({
        networks: { eth0: { rx_bytes: 1, tx_bytes: 10 }, eth1: { rx_bytes: 2, tx_bytes: 20 } },
        blkio_stats: {
          io_service_bytes_recursive: [
            { op: "Read", value: 100 },
            { op: "read", value: 200 },
            { op: "Write", value: 1_000 },
            { op: "write", value: 2_000 },
            { op: "Sync", value: 5 },
            { op: "Total", value: 7 },
            { op: "", value: 9 },
            {},
          ],
        },
        pids_stats: { current: 3 },
      }),
    );
    assert.deepEqual(found, {
      ...nothing,
      ...{ networkRxBytes: 3, networkTxBytes: 30, blockReadBytes: 300, blockWriteBytes: 3_000, pids: 3 },
    });
  });

  for (const [title, mark] of [
    ["says so", { os_type: "windows" }],
    ["tells its processors", {}],
  ] as const) {
    test(`of a Windows engine that ${title} has its own counters`, () => {
      const found = summarizeStats(
        sample({
          ...mark,
          num_procs: 2,
          read: "2026-01-01T00:00:01.0000003Z",
          preread: "2026-01-01T00:00:00.5000001Z",
          cpu_stats: { cpu_usage: { total_usage: 5_000_004 } },
          precpu_stats: { cpu_usage: { total_usage: 2 } },
          memory_stats: { usage: 1, privateworkingset: 42, commitbytes: 7 },
          storage_stats: { read_size_bytes: 8, write_size_bytes: 9 },
          blkio_stats: { io_service_bytes_recursive: [{ op: "Read", value: 100 }] },
        }),
      );
      assert.deepEqual(found, {
        ...nothing,
        ...{ cpuPercent: (5_000_002 / 10_000_004) * 100, memoryUsageBytes: 42, blockReadBytes: 8, blockWriteBytes: 9 },
      });
    });
  }
});
