import { Refusal } from "../http/refusal.ts";
import type { Container } from "../state/container.ts";
import { chooser, type Filters, type FilterTests, hasLabel } from "../state/filters.ts";
import type { World } from "../state/world.ts";

const states = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];
const healths = ["none", "starting", "healthy", "unhealthy"];

/** The containers that a list is to show, the newest first. */
export function listContainers(parameters: Readonly<Record<string, unknown>>, world: World): Container[] {
  // The parameters were read as filters, which are lists by their keys.
  const filters = (parameters["filters"] ?? {}) as Filters;
  const limit = Number(parameters["limit"] ?? 0);
  const choose = chooser(filters, testsIn(world));
  checkValues(filters);
  // These filters speak of containers that do not run.
  const all = parameters["all"] === true || limit > 0 || "status" in filters || "exited" in filters;
  const chosen = world.containers.all().filter((each) => (all || each.isRunning) && choose(each));
  return limit > 0 ? chosen.slice(0, limit) : chosen;
}

function testsIn(world: World): FilterTests<Container> {
  return {
    id: ({ facts }, value) => facts.Id.startsWith(value),
    name: ({ facts }, value) => [facts.name, `/${facts.name}`].some((name) => new RegExp(value).test(name)),
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
    "is-task": ({ facts }, value) => "com.docker.swarm.task.id" in (facts.config.Labels ?? {}) === (value === "true"),
    isolation: () => true,
  };
}

/** dockerd knows these values beforehand, and refuses others. */
function checkValues({ status = [], health = [] }: Filters): void {
  for (const value of status.filter((each) => !states.includes(each))) {
    throw new Refusal(400, `invalid filter 'status=${value}'`);
  }
  for (const value of health.filter((each) => !healths.includes(each))) {
    throw new Refusal(400, `invalid filter 'health=${value}'`);
  }
}

function samePort(port: string, value: string): boolean {
  return port === value || port === `${value}/tcp`;
}
