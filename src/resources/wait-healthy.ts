import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import { Lifetime } from "../engine/lifetime.ts";
import { HealthError } from "../errors/health-error.ts";
import { ResponseError } from "../errors/response-error.ts";
import type { ContainerInspectResponse } from "../generated/models.ts";
import { followEvents } from "./events.ts";

/** Options of `containers.waitHealthy`. */
export interface WaitHealthyOptions extends CallOptions {
  /** How long to wait at most, in milliseconds. Default: as long as it takes. */
  readonly timeoutMs?: number | undefined;
}

/** Does what `containers.waitHealthy` says. */
export async function waitHealthy(engine: Engine, id: string, options: WaitHealthyOptions): Promise<void> {
  const lifetime = new Lifetime(options);
  const own = { signal: lifetime.signal, timeouts: options.timeouts };
  try {
    lifetime.check();
    const { Id } = await engine.call("ContainerInspect", { ...own, path: { id } });
    // Events first, then the state: a change in between is in one of the two.
    await using events = await followEvents(engine, { ...own, filters: { container: [Id], type: ["container"] } });
    const isHealthy = async () => judge(await engine.call("ContainerInspect", { ...own, path: { id: Id } }));
    while (!(await isHealthy())) {
      const { done } = await events.next();
      if (done) {
        throw new ResponseError("The engine has ended its events", { status: 200, receivedBytes: 0 });
      }
    }
  } catch (error) {
    throw lifetime.reason(error);
  } finally {
    lifetime.dispose();
  }
}

/** @throws HealthError if there is nothing to wait for. */
function judge({ State, Config }: ContainerInspectResponse): boolean {
  const context = { operation: "ContainerInspect" };
  const { Health } = State;
  if (!State.Running && !State.Restarting) {
    throw new HealthError({ reason: "not-running", exitCode: State.ExitCode }, context);
  }
  // Docker has no `Health` then, Podman an empty one (observed on 4.3 and 5.4).
  if (Health === undefined || Health === null || !Health.Status || Health.Status === "none" || !Config.Healthcheck) {
    throw new HealthError({ reason: "no-health-check" }, context);
  }
  if (Health.Status === "unhealthy") {
    throw new HealthError({ reason: "unhealthy", output: Health.Log?.at(-1)?.Output }, context);
  }
  return Health.Status === "healthy";
}
