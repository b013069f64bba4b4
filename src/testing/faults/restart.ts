import type { EngineServer } from "../http/server.ts";
import type { World } from "../state/world.ts";

/** How a daemon is restarted. */
export interface RestartOptions {
  /** Whether its containers run on. Default: `false`. */
  readonly keepContainers?: boolean | undefined;
  /** Is called, and waited for, while nobody listens: the socket is gone, and the port refuses connections. */
  readonly whileDown?: (() => void | Promise<void>) | undefined;
  /** The API versions that it speaks afterwards. Default: the same as before. */
  readonly oldestVersion?: string | undefined;
  readonly newestVersion?: string | undefined;
}

/** Ends a daemon, and starts one anew with the same containers and images. */
export async function restart(world: World, server: EngineServer, options: RestartOptions): Promise<void> {
  const { keepContainers = false, whileDown } = options;
  const { oldestVersion: oldest = world.versions.oldest, newestVersion: newest = world.versions.newest } = options;
  await server.close();
  try {
    if (!keepContainers) {
      await killContainers(world);
    }
    world.events.forget();
    world.versions = { oldest, newest };
    await whileDown?.();
  } finally {
    await server.reopen();
  }
}

/** Nobody has stopped them: the policy of each decides whether it runs again. */
async function killContainers({ containers }: World): Promise<void> {
  const processes = containers.all().flatMap(({ process }) => (process === undefined ? [] : [process]));
  for (const process of processes) {
    process.kill("SIGKILL");
  }
  await Promise.all(processes.map(({ exited }) => exited));
}
