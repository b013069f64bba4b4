import type { Handlers } from "../http/handler.ts";
import { engineFacts } from "../state/engine-facts.ts";
import type { World } from "../state/world.ts";
import { dataUsage } from "./data-usage.ts";
import { describeSystem } from "./describe-system.ts";

export const systemHandlers: Handlers = {
  SystemPing: (_, world) => ({ status: 200, value: pingHeaders(world) }),
  SystemPingHead: (_, world) => ({ status: 200, value: pingHeaders(world) }),
  SystemVersion: (_, { versions }) => {
    const details = {
      ApiVersion: versions.newest,
      MinAPIVersion: versions.oldest,
      GitCommit: "fairlead",
      GoVersion: "none",
      Os: "linux",
      Arch: "amd64",
      KernelVersion: engineFacts.kernel,
      BuildTime: "1970-01-01T00:00:00.000000000+00:00",
    };
    const { version: Version } = engineFacts;
    return {
      status: 200,
      value: {
        Platform: { Name: "Fairlead embedded engine" },
        // The command line shows these, and not those beside them.
        Components: [{ Name: "Engine", Version, Details: { ...details, Experimental: "false" } }],
        Version,
        ...details,
        Experimental: false,
      },
    };
  },
  SystemInfo: (_, world) => ({ status: 200, value: describeSystem(world) }),
  SystemDataUsage: (request, world) => ({ status: 200, value: dataUsage(request, world) }),
};

function pingHeaders({ versions, swarm }: World): Record<string, string> {
  return {
    "Api-Version": versions.newest,
    "Builder-Version": "1",
    "Cache-Control": "no-cache, no-store, must-revalidate",
    "Docker-Experimental": "false",
    Ostype: "linux",
    Pragma: "no-cache",
    Swarm: swarm.pingState,
  };
}
