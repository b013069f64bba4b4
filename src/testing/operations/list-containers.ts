import { goSyntax, Refusal } from "../http/refusal.ts";
import type { Container } from "../state/container.ts";
import { chooser, type FilterChecks, type Filters, type FilterTests, hasLabel } from "../state/filters.ts";
import type { World } from "../state/world.ts";
import { readFlag } from "./flags.ts";

const states = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];
const healths = ["none", "starting", "healthy", "unhealthy"];

/** The containers that a list is to show, the newest first. */
export function listContainers(parameters: Readonly<Record<string, unknown>>, world: World): Container[] {
  // The parameters were read as filters, which are lists by their keys.
  const filters = (parameters["filters"] ?? {}) as Filters;
  const limit = Number(parameters["limit"] ?? 0);
  const choose = chooser(filters, testsIn(world), checksIn(world));
  // These filters speak of containers that do not run.
  const all = parameters["all"] === true || limit > 0 || "status" in filters || "exited" in filters;
  const chosen = world.containers.all().filter((each) => (all || each.isRunning) && choose(each));
  return limit > 0 ? chosen.slice(0, limit) : chosen;
}

function testsIn(world: World): FilterTests<Container> {
  return {
    id: ({ facts }, value) => facts.Id.startsWith(value),
    name: ({ facts }, value) => [facts.name, `/${facts.name}`].some((name) => pattern(value)?.test(name)),
    label: ({ facts }, value) => hasLabel(facts.config.Labels, value),
    status: ({ status }, value) => status === value,
    exited: ({ status, exitCode }, value) => status === "exited" && exitCode === Number(value),
    health: (container, value) => (world.lifecycle.healthOf(container)?.health.Status ?? "none") === value,
    ancestor: ({ facts }, value) => [facts.imageName, `${facts.imageName}:latest`, facts.image.Id].includes(value),
    before: ({ createdMs }, value) => createdMs < world.containers.find(value).createdMs,
    since: ({ createdMs }, value) => createdMs > world.containers.find(value).createdMs,
    network: ({ networks }, value) =>
      Object.entries(networks).some(([name, { NetworkID }]) => name === value || NetworkID?.startsWith(value)),
    volume: ({ mounts }, value) => mounts.some(({ Name, Destination }) => Name === value || Destination === value),
    publish: ({ ports }, value) => ports.some(({ PublicPort }) => String(PublicPort) === value.split("/")[0]),
    expose: ({ facts }, value) => Object.keys(facts.config.ExposedPorts ?? {}).some((port) => samePort(port, value)),
    "is-task": ({ facts }, value) =>
      "com.docker.swarm.task.id" in (facts.config.Labels ?? {}) === readFlag("is-task", value),
    isolation: () => true,
  };
}

/** An expression that is none matches nothing (moby:daemon/list.go). */
function pattern(text: string): RegExp | undefined {
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
}

/** dockerd knows some values beforehand, and reads others. */
function checksIn({ containers }: World): FilterChecks {
  return {
    status: (value) => mustBeAmong(states, "state", value, `invalid filter 'status=${value}'`),
    health: (value) => mustBeAmong(healths, "health", value, `invalid filter 'health=${value}'`),
    exited: (value) => mustBeNumber("Atoi", value, 400, `invalid filter 'exited=${value}'`),
    publish: (value) => mustBePorts(value, `error while looking up for publish ${value}`),
    expose: (value) => mustBePorts(value, `error while looking up for expose ${value}`),
    "is-task": (value) => readFlag("is-task", value),
    before: (value) => containers.find(value),
    since: (value) => containers.find(value),
  };
}

function mustBeAmong(known: readonly string[], kind: string, value: string, what: string): void {
  if (!known.includes(value)) {
    throw new Refusal(400, `${what}: invalid value for ${kind} (${value}): must be one of ${known.join(", ")}`);
  }
}

/** A port or a range of ports, which may have a protocol. */
function mustBePorts(value: string, what: string): void {
  const [ports = ""] = value.split("/");
  for (const port of ports.split("-")) {
    mustBeNumber("ParseUint", port, 500, what);
  }
}

function mustBeNumber(parser: string, text: string, status: number, what: string): void {
  if (!/^-?\d+$/.test(text)) {
    throw new Refusal(status, `${what}: ${goSyntax(parser, text)}`);
  }
}

function samePort(port: string, value: string): boolean {
  return port === value || port === `${value}/tcp`;
}
