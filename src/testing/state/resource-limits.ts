import type { HostConfig } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";

const leastMemory = 6 * 1024 ** 2;
const policies: readonly string[] = ["", "no", "always", "on-failure", "unless-stopped"];

/**
 * Checks what a new container may use, or one that is updated.
 *
 * @throws Refusal in dockerd's words if it cannot be (moby:daemon/container.go, moby:daemon/daemon_unix.go).
 */
export function checkLimits(asked: HostConfig): void {
  checkRestartPolicy(asked);
  checkMemory(asked);
  checkCpus(asked);
}

function checkRestartPolicy({ RestartPolicy }: HostConfig): void {
  const { Name = "", MaximumRetryCount = 0 } = RestartPolicy ?? {};
  if (!policies.includes(Name)) {
    throw refuse(
      `invalid restart policy: unknown policy '${Name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`,
    );
  }
  const isNegative = MaximumRetryCount < 0;
  if (MaximumRetryCount !== 0 && Name !== "on-failure") {
    const also = isNegative ? " and cannot be negative" : "";
    throw refuse(`invalid restart policy: maximum retry count can only be used with 'on-failure'${also}`);
  }
  if (isNegative) {
    throw refuse("invalid restart policy: maximum retry count cannot be negative");
  }
}

function checkMemory({ Memory = 0, MemorySwap = 0, MemoryReservation = 0 }: HostConfig): void {
  if (Memory > 0 && Memory < leastMemory) {
    throw refuse("Minimum memory limit allowed is 6MB");
  }
  if (Memory > 0 && MemorySwap > 0 && MemorySwap < Memory) {
    throw refuse("Minimum memoryswap limit should be larger than memory limit, see usage");
  }
  if (MemoryReservation > 0 && MemoryReservation < leastMemory) {
    throw refuse("Minimum memory reservation allowed is 6MB");
  }
  if (Memory > 0 && MemoryReservation > Memory) {
    throw refuse("Minimum memory limit can not be less than memory reservation limit, see usage");
  }
}

function checkCpus({ NanoCpus = 0, CpuPeriod = 0, CpuQuota = 0 }: HostConfig): void {
  if (NanoCpus > 0 && CpuPeriod > 0) {
    throw refuse("Conflicting options: Nano CPUs and CPU Period cannot both be set");
  }
  if (NanoCpus > 0 && CpuQuota > 0) {
    throw refuse("Conflicting options: Nano CPUs and CPU Quota cannot both be set");
  }
  if (CpuPeriod !== 0 && (CpuPeriod < 1000 || CpuPeriod > 1_000_000)) {
    throw refuse("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
  }
  if (CpuQuota > 0 && CpuQuota < 1000) {
    throw refuse("CPU cfs quota can not be less than 1ms (i.e. 1000)");
  }
}

function refuse(why: string): Refusal {
  return new Refusal(400, why);
}
