import type {
  ContainerBlkioStats,
  ContainerCPUStats,
  ContainerMemoryStats,
  ContainerStatsResponse,
} from "../generated/models.ts";

/** What people want to know of a sample of `containers.stats`: the figures of `docker stats`. */
export interface StatsSummary {
  /** Use of the processors between this sample and the one before, where 100 is one whole processor. */
  readonly cpuPercent: number;
  /** Memory in use, without the cache of files that the kernel may drop. On Windows the private working set. */
  readonly memoryUsageBytes: number;
  /** The container's limit, or the memory of the host; 0 if the engine does not say. */
  readonly memoryLimitBytes: number;
  /** `memoryUsageBytes` in percent of the limit; 0 without a limit. */
  readonly memoryPercent: number;
  /** Received over all networks since the container was started. */
  readonly networkRxBytes: number;
  /** Sent over all networks since the container was started. */
  readonly networkTxBytes: number;
  /** Read from block devices since the container was started. */
  readonly blockReadBytes: number;
  /** Written to block devices since the container was started. */
  readonly blockWriteBytes: number;
  /** How many processes and threads there are; 0 if the engine does not say. */
  readonly pids: number;
}

/**
 * Computes the figures of `docker stats` from a sample, as the docker CLI does
 * (cli:cli/command/container/stats_helpers.go). What a sample lacks counts as 0: engines leave out what the host's control
 * groups do not tell, and everything for a container that does not run.
 *
 * `cpuPercent` needs the sample before. Without it, as with `one-shot`, in the first sample of a stream, and in what Podman
 * answers to `containers.stats`, it is the mean since the machine was started, which says nothing of now.
 *
 * @example
 * const { cpuPercent, memoryUsageBytes } = summarizeStats(await docker.containers.stats("web"));
 */
export function summarizeStats(sample: ContainerStatsResponse): StatsSummary {
  const isWindows = ranOnWindows(sample);
  const memory = sample.memory_stats ?? {};
  const memoryUsageBytes = isWindows ? (memory.privateworkingset ?? 0) : usageWithoutCache(memory);
  const memoryLimitBytes = memory.limit ?? 0;
  const networks = Object.values(sample.networks ?? {});
  return {
    cpuPercent: isWindows ? cpuPercentOfWindows(sample) : cpuPercentOfUnix(sample.precpu_stats, sample.cpu_stats),
    memoryUsageBytes,
    memoryLimitBytes,
    memoryPercent: memoryLimitBytes === 0 ? 0 : (memoryUsageBytes / memoryLimitBytes) * 100,
    networkRxBytes: sum(networks.map(({ rx_bytes }) => rx_bytes)),
    networkTxBytes: sum(networks.map(({ tx_bytes }) => tx_bytes)),
    ...(isWindows ? storageBytes(sample) : blockBytes(sample.blkio_stats)),
    pids: sample.pids_stats?.current ?? 0,
  };
}

type Blocks = Pick<StatsSummary, "blockReadBytes" | "blockWriteBytes">;

/** `os_type` says it since API 1.52; before, the number of processors is told for Windows alone. */
function ranOnWindows({ os_type, num_procs }: ContainerStatsResponse): boolean {
  return os_type ? os_type === "windows" : (num_procs ?? 0) > 0;
}

function cpuPercentOfUnix(before: ContainerCPUStats | undefined, now: ContainerCPUStats | undefined): number {
  const used = (now?.cpu_usage?.total_usage ?? 0) - (before?.cpu_usage?.total_usage ?? 0);
  const available = (now?.system_cpu_usage ?? 0) - (before?.system_cpu_usage ?? 0);
  const processors = now?.online_cpus || (now?.cpu_usage?.percpu_usage?.length ?? 0);
  return used > 0 && available > 0 ? (used / available) * processors * 100 : 0;
}

/** Windows counts in units of 100 ns. */
function cpuPercentOfWindows({ read, preread, num_procs, cpu_stats, precpu_stats }: ContainerStatsResponse): number {
  const elapsed = Math.floor((secondsOf(read) - secondsOf(preread)) * 10_000_000 + unitsOf(read) - unitsOf(preread));
  const available = elapsed * (num_procs ?? 0);
  const used = (cpu_stats?.cpu_usage?.total_usage ?? 0) - (precpu_stats?.cpu_usage?.total_usage ?? 0);
  return available > 0 ? (used / available) * 100 : 0;
}

/** The whole seconds of a time in RFC 3339; NaN if there is none. */
function secondsOf(time: string | undefined): number {
  return Date.parse(time?.replace(/\.\d+/, "") ?? "") / 1000;
}

/** The fraction of its second, in units of 100 ns. */
function unitsOf(time: string | undefined): number {
  return Number(`0${/\.\d+/.exec(time ?? "")?.[0] ?? ""}`) * 10_000_000;
}

/** The first key is that of version 1 of the control groups, the second that of version 2. */
function usageWithoutCache({ usage, stats }: ContainerMemoryStats): number {
  const total = usage ?? 0;
  const first = stats?.["total_inactive_file"];
  if (first !== undefined && first < total) {
    return total - first;
  }
  const second = stats?.["inactive_file"] ?? 0;
  return second < total ? total - second : total;
}

function blockBytes(stats: ContainerBlkioStats | undefined): Blocks {
  const entries = stats?.io_service_bytes_recursive ?? [];
  const total = (initial: string) =>
    sum(entries.filter(({ op }) => op?.toLowerCase().startsWith(initial)).map(({ value }) => value));
  return { blockReadBytes: total("r"), blockWriteBytes: total("w") };
}

function storageBytes({ storage_stats }: ContainerStatsResponse): Blocks {
  return {
    blockReadBytes: storage_stats?.read_size_bytes ?? 0,
    blockWriteBytes: storage_stats?.write_size_bytes ?? 0,
  };
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
