import type { Container } from "./container.ts";

const firstDelayMs = 100;
const longestDelayMs = 60_000;
/** Who ran so long begins again with the first delay (moby:daemon/internal/restartmanager/restartmanager.go). */
const steadyMs = 10_000;

/** Whether the policy of a container that has ended starts it again. */
export function shouldRestart({ facts, exitCode, restartCount, stoppedByUser }: Container): boolean {
  if (stoppedByUser) {
    return false;
  }
  const { Name, MaximumRetryCount = 0 } = facts.hostConfig.RestartPolicy ?? {};
  if (Name === "on-failure") {
    return exitCode !== 0 && (MaximumRetryCount === 0 || restartCount < MaximumRetryCount);
  }
  return Name === "always" || Name === "unless-stopped";
}

/** How long to wait before it is started again: twice as long each time. */
export function restartDelayMs({ restartCount }: Container, ranMs: number): number {
  return ranMs >= steadyMs ? firstDelayMs : Math.min(firstDelayMs * 2 ** restartCount, longestDelayMs);
}
