import type { Handlers } from "../http/handler.ts";
import { archiveHandlers } from "./archives.ts";
import { attachHandlers } from "./attach.ts";
import { attachWebSocketHandlers } from "./attach-websocket.ts";
import { buildHandlers } from "./builds.ts";
import { checkpointHandlers } from "./checkpoints.ts";
import { commitHandlers } from "./commit.ts";
import { configHandlers } from "./configs.ts";
import { containerStreamHandlers } from "./container-streams.ts";
import { containerHandlers } from "./containers.ts";
import { eventHandlers } from "./events.ts";
import { execHandlers } from "./execs.ts";
import { imageTarHandlers } from "./image-tars.ts";
import { imageHandlers } from "./images.ts";
import { networkHandlers } from "./networks.ts";
import { nodeHandlers } from "./nodes.ts";
import { pluginHandlers } from "./plugins.ts";
import { registryHandlers } from "./registries.ts";
import { secretHandlers } from "./secrets.ts";
import { serviceHandlers } from "./services.ts";
import { sessionHandlers } from "./session.ts";
import { swarmHandlers } from "./swarm.ts";
import { systemHandlers } from "./system.ts";
import { taskHandlers } from "./tasks.ts";
import { volumeHandlers } from "./volumes.ts";

/** What the embedded engine does, operation by operation. */
export const handlers: Handlers = {
  ...archiveHandlers,
  ...attachHandlers,
  ...attachWebSocketHandlers,
  ...buildHandlers,
  ...commitHandlers,
  ...containerHandlers,
  ...containerStreamHandlers,
  ...eventHandlers,
  ...execHandlers,
  ...imageHandlers,
  ...imageTarHandlers,
  ...registryHandlers,
  ...networkHandlers,
  ...checkpointHandlers,
  ...configHandlers,
  ...nodeHandlers,
  ...pluginHandlers,
  ...secretHandlers,
  ...serviceHandlers,
  ...sessionHandlers,
  ...swarmHandlers,
  ...taskHandlers,
  ...volumeHandlers,
  ...systemHandlers,
};
