import assert from "node:assert/strict";
import { describe } from "node:test";
import { leakCheck } from "../support/leaks.ts";
import { answer, exchange, stream } from "./support.ts";

const sample =
  '{"read":"x","pids_stats":{"current":5,"limit":18446744073709551615},"memory_stats":{"limit":25276502016,' +
  '"stats":{"hierarchical_memory_limit":9223372036854771712}},"cpu_stats":{"cpu_usage":{"total_usage":9007199254740993}}}';

describe("64-bit integers", () => {
  leakCheck();

  exchange(
    "in statistics are exact where their digits count",
    ({ line }) => (line.includes("stream=true") ? stream(`${sample}\n${sample}\n`) : answer(200, sample)),
    async ({ docker }) => {
      const samples = [await docker.containers.stats("a")];
      for await (const one of docker.containers.statsStream("a")) {
        samples.push(one);
      }
      assert.equal(samples.length, 3);
      for (const { pids_stats, memory_stats, cpu_stats } of samples) {
        assert.deepEqual([pids_stats.current, pids_stats.limit], [5, 18446744073709551615n]);
        assert.equal(memory_stats.limit, 25276502016);
        assert.equal(BigInt(memory_stats.stats?.["hierarchical_memory_limit"] ?? 0), 9223372036854771712n);
        // Rounded, by one nanosecond in 104 days.
        assert.equal(BigInt(cpu_stats.cpu_usage.total_usage), 9007199254740992n);
      }
    },
  );

  exchange(
    "that count the addresses of a subnet are exact",
    () =>
      answer(
        200,
        '{"Name":"n","Status":{"IPAM":{"Subnets":{"fd00::/64":{"IPsInUse":3,"DynamicIPsAvailable":18446744073709551613}}}}}',
      ),
    async ({ docker }) => {
      const { Status } = await docker.networks.inspect("n");
      assert.deepEqual(Status?.IPAM?.Subnets?.["fd00::/64"], {
        IPsInUse: 3n,
        DynamicIPsAvailable: 18446744073709551613n,
      });
    },
  );
});
