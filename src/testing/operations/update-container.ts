import type { ContainerUpdateRequest, HostConfig } from "../../generated/models.ts";
import type { Handler } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import type { Container } from "../state/container.ts";
import { checkShape, hostConfigShape } from "../state/container-shape.ts";
import { checkLimits } from "../state/resource-limits.ts";

/** `POST /containers/{id}/update`: what is 0, empty or not there stays as it is (moby:container/container_unix.go). */
export const updateContainer: Handler<"ContainerUpdate"> = async ({ path, json }, world) => {
  const asked: ContainerUpdateRequest = await json();
  checkShape(asked, hostConfigShape, "UpdateConfig");
  checkLimits(asked);
  const container = world.containers.find(path["id"] ?? "");
  const { RestartPolicy, ...others } = asked;
  const changes: HostConfig = Object.fromEntries(Object.entries(others).filter(([, value]) => Boolean(value)));
  mustFit(container, changes);
  Object.assign(container.facts.hostConfig, changes, RestartPolicy?.Name ? { RestartPolicy } : {});
  world.lifecycle.tell(container, "update");
  return { status: 200, value: { Warnings: null } };
};

/** @throws Refusal if it goes not together with what the container has already. */
function mustFit({ facts }: Container, { Memory = 0, MemorySwap, NanoCpus, CpuPeriod, CpuQuota }: HostConfig): void {
  const now = facts.hostConfig;
  const refuse = (why: string) => new Refusal(409, `Cannot update container ${facts.Id}: ${why}`);
  const swap = MemorySwap ?? now.MemorySwap ?? 0;
  if (swap > 0 && Memory > swap) {
    throw refuse(
      "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time",
    );
  }
  for (const [name, former] of Object.entries({ "CPU Period": now.CpuPeriod, "CPU Quota": now.CpuQuota })) {
    if (NanoCpus && former) {
      throw refuse(`Conflicting options: Nano CPUs cannot be updated as ${name} has already been set`);
    }
  }
  for (const [name, wanted] of Object.entries({ "CPU Period": CpuPeriod, "CPU Quota": CpuQuota })) {
    if (wanted && now.NanoCpus) {
      throw refuse(`Conflicting options: ${name} cannot be updated as NanoCPUs has already been set`);
    }
  }
}
