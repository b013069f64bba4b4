import { goSyntax, Refusal } from "../http/refusal.ts";
import type { Container } from "../state/container.ts";
import { chooser, type Filters, type FilterTests, hasLabel, reading } from "../state/filters.ts";
import type { World } from "../state/world.ts";
import { readFlag } from "./flags.ts";

const states = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];
const healths = ["none", "starting", "healthy", "unhealthy"];

/** The containers that a list is to show, the newest first. */
export function listContainers(parameters: Readonly<Record<string, unknown>>, world: World): Container[] {
  // The parameters were read as filters, which are lists by their keys.
  const filters = (parameters["filters"] ?? {}) as Filters;
  const limit = Number(parameters["limit"] ?? 0);
  const choose = chooser(filters, testsIn(world));
  // These filters speak of containers that do not run.
  const all = parameters["all"] === true || limit > 0 || "status" in filters || "exited" in filters;
  const chosen = world.containers.all().filter((each) => (all || each.isRunning) && choose(each));
  return limit > 0 ? chosen.slice(0, limit) : chosen;
}

function testsIn({ containers, lifecycle }: World): FilterTests<Container> {
  return {
    id: ({ facts }, value) => facts.Id.startsWith(value),
    name: reading(pattern, ({ facts }, names) => [facts.name, `/${facts.name}`].some((name) => names?.test(name))),
    label: ({ facts }, value) => hasLabel(facts.config.Labels, value),
    status: reading(
      (value) => oneOf(states, "state", value, `invalid filter 'status=${value}'`),
      ({ status }, wanted) => status === wanted,
    ),
    exited: reading(
      (value) => readNumber("Atoi", value, 400, `invalid filter 'exited=${value}'`),
      ({ status, exitCode }, code) => status === "exited" && exitCode === code,
    ),
    health: reading(
      (value) => oneOf(healths, "health", value, `invalid filter 'health=${value}'`),
      (container, wanted) => (lifecycle.healthOf(container)?.health.Status ?? "none") === wanted,
    ),
    ancestor: ({ facts }, value) => [facts.imageName, `${facts.imageName}:latest`, facts.image.Id].includes(value),
    before: reading(
      (value) => containers.find(value),
      ({ createdMs }, other) => createdMs < other.createdMs,
    ),
    since: reading(
      (value) => containers.find(value),
      ({ createdMs }, other) => createdMs > other.createdMs,
    ),
    network: ({ networks }, value) =>
      Object.entries(networks).some(([name, { NetworkID }]) => name === value || NetworkID?.startsWith(value)),
    volume: ({ mounts }, value) => mounts.some(({ Name, Destination }) => Name === value || Destination === value),
    publish: reading(
      (value) => portsIn(value, `error while looking up for publish ${value}`),
      ({ ports }, value) => ports.some(({ PublicPort }) => String(PublicPort) === value.split("/")[0]),
    ),
    expose: reading(
      (value) => portsIn(value, `error while looking up for expose ${value}`),
      ({ facts }, value) => Object.keys(facts.config.ExposedPorts ?? {}).some((port) => samePort(port, value)),
    ),
    "is-task": reading(
      (value) => readFlag("is-task", value),
      ({ facts }, wanted) => "com.docker.swarm.task.id" in (facts.config.Labels ?? {}) === wanted,
    ),
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

/** dockerd knows these values beforehand. */
function oneOf(known: readonly string[], kind: string, value: string, what: string): string {
  if (!known.includes(value)) {
    throw new Refusal(400, `${what}: invalid value for ${kind} (${value}): must be one of ${known.join(", ")}`);
  }
  return value;
}

/** A port or a range of ports, which may have a protocol. */
function portsIn(value: string, what: string): string {
  const [ports = ""] = value.split("/");
  for (const port of ports.split("-")) {
    readNumber("ParseUint", port, 500, what);
  }
  return value;
}

function readNumber(parser: string, text: string, status: number, what: string): number {
  if (!/^-?\d+$/.test(text)) {
    throw new Refusal(status, `${what}: ${goSyntax(parser, text)}`);
  }
  return Number(text);
}

function samePort(port: string, value: string): boolean {
  return port === value || port === `${value}/tcp`;
}
