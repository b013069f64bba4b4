import type { ContainerStatsResponse } from "../../generated/models.ts";
import type { Container } from "../state/container.ts";
import { goTime, neverTime } from "../state/timestamps.ts";
import type { World } from "../state/world.ts";

const nanosPerMs = 1_000_000;
const processors = 2;
const memoryLimit = 8 * 1024 ** 3;
/** No limit, as the kernel writes it. */
const unlimited = 2n ** 64n - 1n;

/**
 * The figures of a container at this moment. They are made up, but hang together: every process uses a fiftieth of one
 * processor and a mebibyte of memory,
 * beside what lies in /dev/shm.
 *
 * @param before the figures that were sent last
 */
export function statsOf(
  container: Container,
  { clock }: World,
  before: ContainerStatsResponse | undefined,
): ContainerStatsResponse {
  const { facts, isRunning } = container;
  const now = clock.now();
  const ranMs = isRunning ? now - (container.startedAtMs ?? now) : 0;
  const count = isRunning
    ? 1 + container.execs.filter(({ exitCode, process }) => process && exitCode === undefined).length
    : 0;
  const used = Math.floor((ranMs * nanosPerMs * count) / 50);
  const idle = {
    cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 },
    throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
  };
  return {
    id: facts.Id,
    name: `/${facts.name}`,
    os_type: "linux",
    read: isRunning ? goTime(now) : neverTime,
    preread: before?.read ?? neverTime,
    pids_stats: isRunning ? { current: count, limit: pidsLimit(container) } : {},
    blkio_stats: { io_service_bytes_recursive: [], io_serviced_recursive: [] },
    num_procs: 0,
    storage_stats: {},
    cpu_stats: isRunning
      ? {
          ...idle,
          cpu_usage: { total_usage: used, usage_in_kernelmode: 0, usage_in_usermode: used },
          system_cpu_usage: Math.floor(now * processors) * nanosPerMs,
          online_cpus: processors,
        }
      : idle,
    precpu_stats: before?.cpu_stats ?? idle,
    memory_stats: isRunning
      ? { usage: count * 1024 ** 2 + sharedBytes(container), limit: facts.hostConfig.Memory || memoryLimit, stats: {} }
      : {},
    ...(isRunning ? { networks: networkStats(container) } : {}),
  };
}

function pidsLimit({ facts }: Container): bigint {
  const { PidsLimit } = facts.hostConfig;
  return PidsLimit && PidsLimit > 0 ? BigInt(PidsLimit) : unlimited;
}

/** What lies in /dev/shm lies in memory. */
function sharedBytes({ files }: Container): number {
  return files.stat("/dev/shm") === undefined
    ? 0
    : files.list("/dev/shm").reduce((sum, name) => sum + (files.stat(`/dev/shm/${name}`)?.size ?? 0), 0);
}

function networkStats({ networks }: Container): NonNullable<ContainerStatsResponse["networks"]> {
  const none = { rx_bytes: 0, rx_packets: 0, rx_errors: 0, rx_dropped: 0 };
  const silent = { ...none, tx_bytes: 0, tx_packets: 0, tx_errors: 0, tx_dropped: 0 };
  return Object.fromEntries(Object.keys(networks).map((_, index) => [`eth${index}`, silent]));
}
