import assert from "node:assert/strict";
import { it } from "node:test";
import {
  type ContainerStatsResponse,
  Docker,
  EngineStreamError,
  FairleadError,
  summarizeStats,
} from "../../src/index.ts";
import { checkAnswer } from "../support/check-answer.ts";
import { forEachEngine } from "../support/engines.ts";
import { type CommandResult, run as runCommand } from "../support/scripts.ts";
import { useRecorder } from "./recorder.ts";
import { fails, isOldPodman, nobody, succeeds, until, useWorkbench } from "./support.ts";

const busy = { Cmd: ["sh", "-c", "while :; do :; done"], HostConfig: { Memory: 64 * 1024 * 1024 } };

forEachEngine("statistics", (engine) => {
  const { docker, create, start } = useWorkbench(engine);
  const recorder = useRecorder(engine);

  it("are one sample of what a container uses", async () => {
    const id = await start(busy);
    const isCounted = async () => {
      const { pids, memoryUsageBytes } = summarizeStats(await docker.containers.stats(id));
      return pids > 0 && memoryUsageBytes > 0;
    };
    await until(isCounted, "the container runs, and its memory is counted");
    const sample = await succeeds(docker.containers.stats(id), "Succeeded", 200);
    assert.deepEqual(checkAnswer("ContainerStats", 200, sample).problems, []);
    const { cpuPercent, memoryUsageBytes, memoryLimitBytes, memoryPercent } = summarizeStats(sample);
    const { isPodman } = await engine.facts();
    // Podman takes one sample only, so it cannot tell the use of the processors.
    assert.ok(isPodman || cpuPercent > 1, `${cpuPercent} percent`);
    assert.ok(memoryUsageBytes > 0 && memoryUsageBytes < memoryLimitBytes);
    assert.equal(memoryLimitBytes, busy.HostConfig.Memory);
    assert.equal(memoryPercent, (memoryUsageBytes / memoryLimitBytes) * 100);
  });

  it("come at once with one-shot", async () => {
    const id = await start();
    const sample = await succeeds(docker.containers.stats(id, { "one-shot": true }), "Succeeded", 200);
    assert.equal(sample.precpu_stats.cpu_usage.total_usage, 0);
    assert.equal(summarizeStats(sample).cpuPercent > 0, (sample.cpu_stats.cpu_usage.total_usage ?? 0) > 0);
  });

  it("are nothing for a container that does not run", async () => {
    const id = await create();
    const { isPodman } = await engine.facts();
    if (isPodman) {
      const call = docker.containers.stats(id);
      const isOld = await isOldPodman(engine);
      for (const settled of await Promise.allSettled([call, call.outcome()])) {
        assert.ok(settled.status === "rejected");
        const error: unknown = settled.reason;
        // Podman 4 says nothing at all.
        assert.ok(error instanceof (isOld ? FairleadError : EngineStreamError));
        assert.match(error.message, isOld ? /./ : /stopped|not running/);
        assert.equal(error.operation, "ContainerStats");
      }
      return;
    }
    const sample = await docker.containers.stats(id);
    assert.deepEqual(checkAnswer("ContainerStats", 200, sample).problems, []);
    const none = { cpuPercent: 0, memoryUsageBytes: 0, memoryLimitBytes: 0, memoryPercent: 0, networkRxBytes: 0 };
    const rest = { networkTxBytes: 0, blockReadBytes: 0, blockWriteBytes: 0, pids: 0 };
    assert.deepEqual(summarizeStats(sample), { ...none, ...rest });
  });

  it("of nobody are refused, as one sample and as a stream", async () => {
    const message = (await isOldPodman(engine)) ? /^$/ : /no such container/i;
    await fails(docker.containers.stats(nobody), "NoSuchContainer", 404, message);
    await fails(docker.containers.statsStream(nobody), "NoSuchContainer", 404, message);
  });

  it("are followed sample by sample until they are left, which closes the connection", async () => {
    const id = await start(busy);
    await using client = new Docker({ host: recorder.host });
    const samples: ContainerStatsResponse[] = [];
    for await (const sample of client.containers.statsStream(id)) {
      samples.push(sample);
      if (samples.length === 3) {
        break;
      }
    }
    await until(() => recorder.open === recorder.connections - 1, "the connection is closed");
    const times = samples.map(({ read }) => Date.parse(read));
    assert.deepEqual(times, [...times].sort());
    assert.equal(samples[2]?.precpu_stats.cpu_usage.total_usage, samples[1]?.cpu_stats.cpu_usage.total_usage);
    assert.ok(samples.some((sample) => summarizeStats(sample).cpuPercent > 1));
    assert.deepEqual(checkAnswer("ContainerStats", 200, samples[2]).problems, []);
  });

  it("are what `docker stats` shows", async (test) => {
    if ((await dockerCommand("--version").catch(() => undefined))?.exitCode !== 0) {
      test.skip("not run: there is no docker command");
      return;
    }
    const hold = "dd if=/dev/zero of=/dev/shm/held bs=1M count=20 2>/dev/null; sleep 300";
    const id = await start({ Cmd: ["sh", "-c", hold] });
    await until(
      async () => summarizeStats(await docker.containers.stats(id)).memoryUsageBytes > 20e6,
      "it holds memory",
    );
    const [shown, sample] = [await figuresOf(engine.host, id), await docker.containers.stats(id)];
    const ours = summarizeStats(sample);
    assert.equal(ours.pids, shown.pids);
    near(ours.cpuPercent, shown.cpuPercent, 20);
    near(ours.memoryUsageBytes, shown.memoryUsageBytes, 1e6);
    near(ours.memoryLimitBytes, shown.memoryLimitBytes, ours.memoryLimitBytes / 100);
    near(ours.memoryPercent, shown.memoryPercent, 0.1);
    near(ours.networkRxBytes, shown.networkRxBytes, 2_000);
    near(ours.networkTxBytes, shown.networkTxBytes, 2_000);
    near(ours.blockReadBytes, shown.blockReadBytes, 100_000);
    near(ours.blockWriteBytes, shown.blockWriteBytes, 100_000);
  });

  function dockerCommand(...args: readonly string[]): Promise<CommandResult> {
    return runCommand("docker", args, { env: { ...process.env, DOCKER_HOST: engine.host } });
  }

  async function figuresOf(host: string, id: string): Promise<ReturnType<typeof summarizeStats>> {
    const ask = () => dockerCommand("stats", "--no-stream", "--format", "{{json .}}", id);
    let { exitCode, stdout, stderr } = await ask();
    // The command gives a busy engine two seconds (docker/cli:cli/command/container/stats_helpers.go).
    while (stderr.includes("timeout waiting for stats")) {
      ({ exitCode, stdout, stderr } = await ask());
    }
    assert.equal(exitCode, 0, `${host}: ${stderr}`);
    const { CPUPerc, MemPerc, MemUsage, NetIO, BlockIO, PIDs }: Record<string, string> = JSON.parse(stdout);
    const [memoryUsageBytes = NaN, memoryLimitBytes = NaN] = pair(MemUsage);
    const [networkRxBytes = NaN, networkTxBytes = NaN] = pair(NetIO);
    const [blockReadBytes = NaN, blockWriteBytes = NaN] = pair(BlockIO);
    return {
      ...{ cpuPercent: parseFloat(CPUPerc ?? ""), memoryPercent: parseFloat(MemPerc ?? ""), pids: Number(PIDs) },
      ...{ memoryUsageBytes, memoryLimitBytes, networkRxBytes, networkTxBytes, blockReadBytes, blockWriteBytes },
    };
  }
});

/** The bytes of e.g. `496KiB / 23.54GiB`. */
function pair(text = ""): number[] {
  return text.split(" / ").map((part) => {
    const [, digits, prefix = "", binary] = /^([\d.]+)([kKMGT]?)(i?)B$/.exec(part) ?? [];
    return Number(digits) * (binary ? 1024 : 1000) ** " KMGT".indexOf(prefix.toUpperCase() || " ");
  });
}

function near(found: number, wanted: number, tolerance: number): void {
  assert.ok(Math.abs(found - wanted) <= tolerance, `${found} is not within ${tolerance} of ${wanted}`);
}
