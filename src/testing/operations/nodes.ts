import type { Node, NodeSpec } from "../../generated/models.ts";
import type { Handlers } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import { engineFacts } from "../state/engine-facts.ts";
import { chooser, hasLabel } from "../state/filters.ts";
import type { Cluster } from "../swarm/cluster.ts";
import { headOf } from "../swarm/ledger.ts";
import { checkNodeSpec, type SwarmNode, updateNode } from "../swarm/node.ts";
import { versionOf } from "./version-of.ts";

export const nodeHandlers: Handlers = {
  NodeList: ({ parameters }, { swarm }) => {
    const { node } = swarm.cluster;
    const choose = chooser<SwarmNode>(parameters["filters"], {
      id: ({ ID }, value) => ID.startsWith(value),
      name: (_, value) => engineFacts.hostname.startsWith(value),
      role: ({ spec }, value) => spec.Role === value,
      membership: (_, value) => value === "accepted",
      label: () => false,
      "node.label": ({ spec }, value) => hasLabel(spec.Labels, value),
    });
    return { status: 200, value: choose(node) ? [describeNode(node)] : [] };
  },
  NodeInspect: ({ path }, { swarm }) => ({ status: 200, value: describeNode(find(swarm.cluster, path["id"])) }),
  NodeUpdate: async (request, { swarm }) => {
    const version = versionOf(request, "node");
    const spec: NodeSpec = await request.json();
    const { cluster } = swarm;
    checkNodeSpec(spec);
    updateNode(cluster.ledger, find(cluster, request.path["id"]), spec, version);
    cluster.orchestrator.nodeChanged();
    return { status: 200, value: undefined };
  },
  NodeDelete: ({ path }, { swarm }) => {
    const { ID } = find(swarm.cluster, path["id"]);
    throw new Refusal(
      400,
      `rpc error: code = FailedPrecondition desc = node ${ID} is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal`,
    );
  },
};

/** Finds the one node by its id, the beginning of it, its hostname or its name. */
function find({ node }: Cluster, id: string = ""): SwarmNode {
  const names = [engineFacts.hostname, node.spec.Name];
  if (id === "" || !(names.includes(id) || node.ID.startsWith(id))) {
    throw new Refusal(404, `node ${id} not found`);
  }
  return node;
}

function describeNode(node: SwarmNode): Node {
  const { hostname, architecture, cpus, memoryBytes, version, logDrivers, networkDrivers, volumeDrivers } = engineFacts;
  const plugins = (Type: string, names: readonly string[]) => names.map((Name) => ({ Type, Name }));
  return {
    ...headOf(node),
    Spec: node.spec,
    Description: {
      Hostname: hostname,
      Platform: { Architecture: architecture, OS: "linux" },
      Resources: { NanoCPUs: cpus * 1_000_000_000, MemoryBytes: memoryBytes },
      Engine: {
        EngineVersion: version,
        Plugins: [
          ...plugins("Log", logDrivers),
          ...plugins("Network", networkDrivers),
          ...plugins("Volume", volumeDrivers),
        ],
      },
    },
    Status: { State: "ready", Addr: node.address },
    ManagerStatus: { Leader: true, Reachability: "reachable", Addr: `${node.address}:2377` },
  };
}
