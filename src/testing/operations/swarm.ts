import type { SwarmInitRequest, SwarmJoinRequest, SwarmSpec } from "../../generated/models.ts";
import type { Handlers } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import { versionOf } from "./version-of.ts";

// Of every body: what a client sends is what the specification says, or dockerd would not understand it either.

export const swarmHandlers: Handlers = {
  SwarmInspect: (_, { swarm }) => ({
    status: 200,
    value: { ...swarm.cluster.info, JoinTokens: swarm.cluster.tokens },
  }),
  SwarmInit: async ({ json }, { swarm }) => ({ status: 200, value: swarm.init((await json()) as SwarmInitRequest) }),
  SwarmJoin: async ({ json }, { swarm }) => swarm.join((await json()) as Partial<SwarmJoinRequest>),
  SwarmLeave: async ({ parameters }, { swarm }) => {
    await swarm.leave(parameters["force"] === true);
    return { status: 200, value: undefined };
  },
  SwarmUpdate: async (request, { swarm }) => {
    const version = versionOf(request, "swarm");
    const { cluster } = swarm;
    cluster.update((await request.json()) as SwarmSpec, version, {
      worker: request.parameters["rotateWorkerToken"] === true,
      manager: request.parameters["rotateManagerToken"] === true,
      unlockKey: request.parameters["rotateManagerUnlockKey"] === true,
    });
    return { status: 200, value: undefined };
  },
  SwarmUnlockkey: (_, { swarm }) => ({ status: 200, value: { UnlockKey: swarm.cluster.unlockKey } }),
  SwarmUnlock: (_, { swarm }) => {
    if (swarm.cluster) {
      throw new Refusal(409, "swarm is not locked");
    }
    return { status: 200, value: undefined };
  },
};
