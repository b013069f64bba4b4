import type { NodeSpec } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";
import { engineFacts } from "../state/engine-facts.ts";
import { checkVersion, type Ledger, type SwarmObject } from "./ledger.ts";
import type { Task } from "./task.ts";

/** A node's specification, complete. */
interface ManagerSpec {
  readonly Name?: string | undefined;
  readonly Labels: Record<string, string>;
  readonly Role: string;
  readonly Availability: string;
}

/** The one node of a swarm: the engine itself. */
export interface SwarmNode extends SwarmObject {
  spec: ManagerSpec;
  readonly address: string;
}

/** @throws Refusal in dockerd's words if a role or an availability is none, or nobody would manage the swarm. */
export function updateNode(ledger: Ledger, node: SwarmNode, spec: NodeSpec, version: number): void {
  checkNodeSpec(spec);
  checkVersion(node, version);
  if (spec.Role === "worker") {
    throw new Refusal(
      400,
      "rpc error: code = FailedPrecondition desc = attempting to demote the last manager of the swarm",
    );
  }
  const before = node.spec.Availability;
  node.spec = { ...spec, Role: "manager", Availability: spec.Availability ?? "active", Labels: spec.Labels ?? {} };
  ledger.stamp(node);
  const { Availability } = node.spec;
  const changed = before === Availability ? {} : { "availability.new": Availability, "availability.old": before };
  ledger.tell("node", "update", node, { name: engineFacts.hostname, ...changed });
}

/** @throws Refusal if a role or an availability is none. */
export function checkNodeSpec({ Role = "", Availability = "" }: NodeSpec): void {
  if (Role !== "worker" && Role !== "manager") {
    throw new Refusal(400, `invalid Role: "${Role}"`);
  }
  if (!["active", "pause", "drain"].includes(Availability)) {
    throw new Refusal(400, `invalid Availability: "${Availability}"`);
  }
}

/** Why a task cannot run on the node, as swarmkit's scheduler says it; undefined if it can. */
export function unsuitable(node: SwarmNode, { spec }: Task, running: number): string | undefined {
  if (node.spec.Availability !== "active") {
    return "no suitable node (1 node not available for new tasks)";
  }
  const { Constraints = [], MaxReplicas } = spec.Placement ?? {};
  if (!Constraints.every((text) => holds(node, text))) {
    return "no suitable node (scheduling constraints not satisfied on 1 node)";
  }
  return MaxReplicas && running >= MaxReplicas ? "no suitable node (max replicas per node limit exceed)" : undefined;
}

/** @throws Refusal if a constraint is not of the form `key==value` or `key!=value`. */
export function readConstraint(text: string): {
  readonly key: string;
  readonly equal: boolean;
  readonly value: string;
} {
  const [, key = "", operator, value = ""] = /^\s*([\w.-]+)\s*(==|!=)\s*(.*?)\s*$/.exec(text) ?? [];
  if (operator === undefined) {
    throw new Refusal(500, "rpc error: code = Unknown desc = constraint expected one operator from ==, !=");
  }
  return { key, equal: operator === "==", value };
}

function holds(node: SwarmNode, text: string): boolean {
  const { key, equal, value } = readConstraint(text);
  return (factOf(node, key).toLowerCase() === value.toLowerCase()) === equal;
}

function factOf({ ID, address, spec }: SwarmNode, key: string): string {
  const facts: Readonly<Record<string, string>> = {
    "node.id": ID,
    "node.hostname": engineFacts.hostname,
    "node.ip": address,
    "node.role": spec.Role,
    "node.platform.os": "linux",
    "node.platform.arch": engineFacts.architecture,
  };
  return facts[key] ?? (key.startsWith("node.labels.") ? (spec.Labels[key.slice("node.labels.".length)] ?? "") : "");
}
