import assert from "node:assert/strict";
import { it } from "node:test";
import { AbortError, HealthError, TimeoutError } from "../../src/index.ts";
import { request } from "../support/engine-request.ts";
import { forEachEngine } from "../support/engines.ts";
import { leakCheck } from "../support/leaks.ts";
import { nobody, useWorkbench } from "./support.ts";

forEachEngine("waiting for health", (engine) => {
  leakCheck();
  const { docker, create, start, run } = useWorkbench(engine);

  /** A container that is healthy once `/ready` is there. */
  const spec = {
    Healthcheck: { Test: ["CMD-SHELL", "echo checked; test -f /ready"], Interval: 200e6, Timeout: 10e9, Retries: 3 },
  };
  /** Podman has its checks run by systemd, which the tests do without. */
  const check = async (id: string): Promise<void> => {
    if ((await engine.facts()).isPodman) {
      await request(engine.host, "GET", `/v4.0.0/libpod/containers/${id}/healthcheck`);
    }
  };

  it("ends when the container becomes healthy, or is", async () => {
    const id = await start({ ...spec, Healthcheck: { ...spec.Healthcheck, Retries: 100 } });
    const waiting = docker.containers.waitHealthy(id);
    await docker.containers.exec(id, ["touch", "/ready"]);
    await check(id);
    await waiting;
    await docker.containers.waitHealthy(id);
  });

  it("fails when the container becomes unhealthy, or is, and says what the check printed", async () => {
    const id = await start(spec);
    const waiting = assert.rejects(docker.containers.waitHealthy(id), isHealthError("unhealthy"));
    for (let failures = 0; failures < 3; failures += 1) {
      await check(id);
    }
    await waiting;
    await assert.rejects(docker.containers.waitHealthy(id), (error) => {
      return isHealthError("unhealthy")(error) && (error as HealthError).output?.trim() === "checked";
    });
  });

  it("fails when the container ends, with its exit code, or does not run", async () => {
    const id = await start({ ...spec, Cmd: ["sh", "-c", "sleep 0.5; exit 3"] });
    await assert.rejects(docker.containers.waitHealthy(id), (error) => {
      return isHealthError("not-running")(error) && (error as HealthError).exitCode === 3;
    });
    await assert.rejects(docker.containers.waitHealthy(await create(spec)), isHealthError("not-running"));
    await assert.rejects(docker.containers.waitHealthy(await run("exit 3", spec)), isHealthError("not-running"));
  });

  it("fails when the container has no health check", async () => {
    await assert.rejects(docker.containers.waitHealthy(await start()), isHealthError("no-health-check"));
  });

  it("fails when the container is not there, or is removed", async () => {
    await assert.rejects(docker.containers.waitHealthy(nobody), { name: "StatusError", kind: "NoSuchContainer" });
    const id = await start(spec);
    const waiting = docker.containers.waitHealthy(id);
    const failing = assert.rejects(waiting, (error) => {
      // Podman answers 500 while it removes the container (observed on 5.4).
      return /no such container/i.test(String(error)) || isHealthError("not-running")(error);
    });
    await docker.containers.remove(id, { force: true });
    await failing;
  });

  it("ends with its signal and its time limit", async () => {
    const id = await start({ ...spec, Healthcheck: { ...spec.Healthcheck, Retries: 100 } });
    await assert.rejects(docker.containers.waitHealthy(id, { timeoutMs: 300 }), TimeoutError);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 100);
    await assert.rejects(docker.containers.waitHealthy(id, { signal: controller.signal }), (error) => {
      return error instanceof AbortError && (error.cause as Error).message === "enough";
    });
  });
});

function isHealthError(reason: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof HealthError, String(error));
    assert.equal(error.reason, reason);
    return true;
  };
}
