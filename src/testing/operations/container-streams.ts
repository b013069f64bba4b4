import type { EngineRequest, Handlers } from "../http/handler.ts";
import { jsonText } from "../http/json-text.ts";
import type { World } from "../state/world.ts";
import { logsReply, mustWantStream } from "./logs.ts";
import { statsOf } from "./stats.ts";

const statsEveryMs = 1000;

export const containerStreamHandlers: Handlers = {
  ContainerLogs: (request, world) => {
    mustWantStream(request);
    const container = world.containers.find(request.path["id"] ?? "");
    return { status: 200, value: logsReply(container, request, world.clock.now()) };
  },
  ContainerStats: (request, world) => {
    world.containers.find(request.path["id"] ?? "");
    return { status: 200, value: { contentType: "application/json", bytes: stats(request, world) } };
  },
};

async function* stats({ path, parameters, signal }: EngineRequest, world: World): AsyncGenerator<Uint8Array> {
  const container = world.containers.find(path["id"] ?? "");
  const isStream = parameters["stream"] !== false;
  let before = statsOf(container, world, undefined);
  if (!isStream) {
    if (parameters["one-shot"] !== true && container.isRunning) {
      await world.clock.sleep(statsEveryMs, signal);
      before = statsOf(container, world, before);
    }
    yield Buffer.from(jsonText(before));
    return;
  }
  while (!signal.aborted && world.containers.has(container)) {
    yield Buffer.from(jsonText(before));
    await world.clock.sleep(statsEveryMs, signal);
    before = statsOf(container, world, before);
  }
}
