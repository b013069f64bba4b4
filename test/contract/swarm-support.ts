import assert from "node:assert/strict";
import { afterEach, before, it } from "node:test";
import { Docker, type ServiceSpec, type SwarmSpec, type TaskSpec } from "../../src/index.ts";
import { type TestEngine, testImage, testLabels } from "../support/engines.ts";
import { useExclusively } from "../support/exclusive.ts";
import { freshName, until, useWorkbench } from "./support.ts";

/** What makes everything that a test makes recognizable. */
export const label: readonly string[] = Object.entries(testLabels).map(([key, value]) => `${key}=${value}`);

/**
 * Makes an engine the one node of a swarm while the tests of a suite run; Podman, which has none, stays as it is. Test
 * files run side by side, and an engine can be in one swarm only: so each waits until no other uses the engine so.
 */
export function useSwarm(engine: TestEngine): void {
  const docker = new Docker({ host: engine.host });
  useAlone(engine, async () => {
    const { isPodman } = await engine.facts();
    if (!isPodman) {
      await leaveSwarm(docker);
    }
    await docker.close();
  });
  before(async () => {
    const { isPodman } = await engine.facts();
    if (!isPodman) {
      await leaveOurs(docker);
      await makeSwarm(docker);
    }
  });
}

/** Keeps an engine in no swarm but those that the tests of a suite make; ends what they leave behind. */
export function useNoSwarm(engine: TestEngine): void {
  const docker = new Docker({ host: engine.host });
  let isFree = false;
  useAlone(engine, async () => {
    if (isFree) {
      await leaveSwarm(docker);
    }
    await docker.close();
  });
  before(async () => {
    const { isPodman } = await engine.facts();
    if (!isPodman) {
      await leaveOurs(docker);
      isFree = true;
    }
  });
}

/**
 * Readies an engine for tests of services: a swarm, and nothing left after each test.
 *
 * @returns the client, and a test that is only for Docker, since Podman has no services
 */
export function useServices(engine: TestEngine): {
  readonly docker: Docker;
  readonly onDocker: (name: string, body: () => Promise<void>) => void;
} {
  const { docker } = useWorkbench(engine);
  useSwarm(engine);
  const onDocker = (name: string, body: () => Promise<void>) => {
    it(name, async () => {
      if (!(await engine.facts()).isPodman) {
        await body();
      }
    });
  };
  afterEach(async () => {
    if (!(await engine.facts()).isPodman) {
      await removeServices(docker);
    }
  });
  return { docker, onDocker };
}

/** What tells a swarm of the tests from one that somebody needs. */
export const ours: SwarmSpec = { Labels: { "dev.fairlead.test": "swarm" } };

/**
 * Makes a swarm of one node. If dockerd wrote a certificate while it left a locked swarm, it finds that first, says that
 * the swarm is locked, and removes it (`clearPersistentState` in moby's daemon/cluster/swarm.go).
 */
async function makeSwarm(docker: Docker): Promise<void> {
  const init = () => docker.swarm.init({ AdvertiseAddr: "127.0.0.1", Spec: ours });
  await init().catch((error: unknown) => {
    assert.match(String(error), /Swarm is encrypted/);
    return init();
  });
}

/** Leaves a swarm. dockerd fails at it now and then: it writes a certificate while it removes their folder. */
export async function leaveSwarm(docker: Docker): Promise<void> {
  const hasLeft = async () => {
    const { kind } = await docker.swarm.leave({ force: true }).outcome();
    return kind === "Succeeded" || kind === "NotInSwarm";
  };
  await until(hasLeft, "the engine has left its swarm");
}

/** Leaves the swarm that a test has left behind. Throws if the engine is in any other: ending that would do harm. */
export async function leaveOurs(docker: Docker): Promise<void> {
  const { Swarm } = await docker.system.info();
  if (Swarm?.LocalNodeState === "inactive") {
    return;
  }
  const labels = Swarm?.Cluster?.Spec?.Labels ?? {};
  assert.ok("dev.fairlead.test" in labels, "The engine is in a swarm, and the tests need one that is in none");
  await leaveSwarm(docker);
}

/**
 * Keeps other test files out of the engine's swarm while the tests of a suite run.
 *
 * @param cleanUp - what must be done before another may come
 */
export function useAlone({ host }: TestEngine, cleanUp?: () => Promise<void>): void {
  useExclusively("swarm", host, cleanUp);
}

/** What a service of the tests runs, which ends at once when it is told to. */
export function tasksOf(script: string, more: Partial<NonNullable<TaskSpec["ContainerSpec"]>> = {}): TaskSpec {
  return {
    ContainerSpec: {
      Image: testImage,
      Command: ["sh", "-c", script],
      StopGracePeriod: 100_000_000,
      Labels: { ...testLabels },
      ...more,
    },
    RestartPolicy: { Delay: 100_000_000 },
  };
}

/** A service of the tests; its tasks count as stable after half a second. */
export function serviceOf(script: string, more: Omit<ServiceSpec, "Name"> = {}): ServiceSpec & { Name: string } {
  return {
    Name: freshName(),
    Labels: { ...testLabels },
    TaskTemplate: tasksOf(script),
    UpdateConfig: { Parallelism: 0, Monitor: 500_000_000 },
    RollbackConfig: { Parallelism: 0, Monitor: 500_000_000 },
    ...more,
  };
}

/** Removes the services of the tests and, as soon as they have ended, the containers of their tasks. */
export async function removeServices(manager: Docker, nodes: readonly Docker[] = [manager]): Promise<void> {
  const services = await manager.services.list({ filters: { label } });
  await Promise.all(services.map(({ ID }) => manager.services.remove(ID).outcome()));
  for (const node of nodes) {
    await until(async () => {
      const containers = await node.containers.list({ all: true, filters: { label } });
      // Docker 20.10 keeps those of a job.
      const ended = containers.filter(({ State }) => State === "exited" || State === "created");
      await Promise.all(ended.map(({ Id }) => node.containers.remove(Id, { force: true }).outcome()));
      return containers.length === 0;
    }, "the containers of the tasks are gone");
  }
}
