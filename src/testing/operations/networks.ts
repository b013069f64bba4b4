import type {
  IPAMConfig,
  NetworkConnectRequest,
  NetworkCreateRequest,
  NetworkDisconnectRequest,
  NetworkInspect,
  Network as NetworkModel,
} from "../../generated/models.ts";
import type { EngineRequest, Handlers } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import type { AddressPool } from "../state/address-pool.ts";
import type { Container } from "../state/container.ts";
import { chooser, type FilterTests, hasLabel, reading } from "../state/filters.ts";
import type { Network, NetworkStore } from "../state/networks.ts";
import { goTime } from "../state/timestamps.ts";
import type { World } from "../state/world.ts";
import type { Service } from "../swarm/service.ts";
import { notAManager } from "../swarm/swarm.ts";
import { momentMs } from "./moment.ts";

export const networkHandlers: Handlers = {
  NetworkList: ({ parameters }, { networks }) => {
    const value = networks
      .all()
      .filter(chooser(parameters["filters"], testsIn(networks)))
      .map(describe);
    return { status: 200, value };
  },
  NetworkInspect: ({ path }, { networks }) => ({ status: 200, value: inspect(networks.find(path["id"] ?? "")) }),
  NetworkCreate: async ({ json }, { networks, swarm }) => {
    // What a client sends is what the specification says, or dockerd would not understand it either.
    const request = (await json()) as unknown as NetworkCreateRequest;
    if (request.Driver === "overlay" && !swarm.isActive) {
      throw new Refusal(403, notAManager);
    }
    return { status: 201, value: { Id: networks.create(request).Id, Warning: "" } };
  },
  NetworkDelete: ({ path }, world) => {
    const network = world.networks.find(path["id"] ?? "");
    mustBeUnwanted(network, world);
    world.networks.remove(network);
    return { status: 204, value: undefined };
  },
  NetworkConnect: async (request, world) => {
    const { Container, EndpointConfig } = await bodyOf<NetworkConnectRequest>(request);
    const container = world.containers.find(Container);
    const name = request.path["id"] ?? "";
    if (container.isRunning || world.networks.isThere(name)) {
      const network = world.networks.find(name);
      mustBeOpen(network, container);
      world.networks.connect(network, container, EndpointConfig ?? {});
    } else {
      world.networks.expect(name, container, EndpointConfig ?? {});
    }
    return { status: 200, value: undefined };
  },
  NetworkDisconnect: async (request, world) => {
    const { Container } = await bodyOf<NetworkDisconnectRequest>(request);
    const container = world.containers.find(Container);
    const network = world.networks.find(request.path["id"] ?? "");
    if (network.driver === "host" && container.facts.hostConfig.NetworkMode === "host") {
      throw new Refusal(
        400,
        "cannot disconnect container from host network - container was created in host network mode",
      );
    }
    world.networks.disconnect(network, container);
    return { status: 200, value: undefined };
  },
  NetworkPrune: ({ parameters }, world) => {
    const { networks } = world;
    const choose = chooser<Network>(parameters["filters"], {
      label: ({ request }, value) => hasLabel(request.Labels, value),
      "label!": ({ request }, value) => !hasLabel(request.Labels, value),
      until: reading(
        (value) => momentMs(value, world.clock.now()),
        ({ createdMs }, ms) => createdMs < ms,
      ),
    });
    const unused = networks.all().filter((each) => isUnused(each, world) && choose(each));
    for (const network of unused) {
      networks.remove(network);
    }
    world.events.publish({ Type: "network", Action: "prune", ID: "", Attributes: { reclaimed: "0" } });
    const NetworksDeleted = unused.length === 0 ? null : unused.map(({ request }) => request.Name);
    return { status: 200, value: { NetworksDeleted } };
  },
};

async function bodyOf<T>({ json }: EngineRequest): Promise<T> {
  // As above: the body is what the specification says.
  const body = (await json()) as { Container?: unknown };
  if (typeof body.Container !== "string" || body.Container === "") {
    throw new Refusal(400, 'invalid name or ID supplied: ""');
  }
  return body as T;
}

/** @throws Refusal if a container cannot be in this network beside its others (moby:daemon/container_operations.go). */
function mustBeOpen({ driver }: Network, { facts, networks }: Container): void {
  const mode = facts.hostConfig.NetworkMode ?? "";
  if (mode === "host" || mode.startsWith("container:")) {
    throw new Refusal(
      400,
      "container sharing network namespace with another container or host cannot be connected to any other network",
    );
  }
  if (driver === "host") {
    throw new Refusal(400, "cannot connect container to host network - container must be created in host network mode");
  }
  if (driver === "null" ? Object.keys(networks).length > 0 : "none" in networks) {
    throw new Refusal(
      400,
      "container cannot be connected to multiple networks with one of the networks in private (none) mode",
    );
  }
}

/** @throws Refusal if a service of the swarm wants it. */
function mustBeUnwanted(network: Network, { swarm }: World): void {
  const { Id } = network;
  const user = serviceIn(network, swarm);
  if (user !== undefined) {
    throw new Refusal(400, `rpc error: code = FailedPrecondition desc = network ${Id} is in use by service ${user.ID}`);
  }
}

function serviceIn({ Id }: Network, swarm: World["swarm"]): Service | undefined {
  const services = swarm.isActive ? swarm.cluster.services.all() : [];
  return services.find(({ spec }) => spec.TaskTemplate?.Networks?.some(({ Target }) => Target === Id));
}

/** A network that a container is to start in is used too. */
function isUnused(network: Network, { networks, containers, swarm }: World): boolean {
  if (network.request.Ingress || serviceIn(network, swarm) !== undefined) {
    return false;
  }
  const isWanted = containers.all().some((container) => container.networks[network.request.Name] !== undefined);
  return !networks.isPredefined(network) && !isWanted;
}

function testsIn(networks: NetworkStore): FilterTests<Network> {
  return {
    id: ({ Id }, value) => Id.startsWith(value),
    name: ({ request }, value) => request.Name.includes(value),
    driver: ({ driver }, value) => driver === value,
    label: ({ request }, value) => hasLabel(request.Labels, value),
    scope: ({ request }, value) => (request.Scope ?? "local") === value,
    type: reading(isBuiltin, (network, wanted) => networks.isPredefined(network) === wanted),
    dangling: reading(isTrue, ({ members }, wanted) => (members.size === 0) === wanted),
  };
}

function isBuiltin(type: string): boolean {
  if (type !== "custom" && type !== "builtin") {
    throw new Refusal(500, `invalid filter: 'type'='${type}'`);
  }
  return type === "builtin";
}

/** Networks read this flag in a way of their own (moby:daemon/network/filter.go). */
function isTrue(value: string): boolean {
  if (!["true", "1", "false", "0"].includes(value)) {
    throw new Refusal(400, `invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`);
  }
  return value === "true" || value === "1";
}

function describe({ Id, request, driver, createdMs, pool }: Network): NetworkModel {
  const { IPAM } = request;
  return {
    Name: request.Name,
    Id,
    Created: goTime(createdMs),
    Scope: request.Scope || (driver === "overlay" ? "swarm" : "local"),
    Driver: driver,
    EnableIPv4: request.EnableIPv4 ?? true,
    EnableIPv6: request.EnableIPv6 ?? false,
    IPAM: {
      Driver: IPAM?.Driver || "default",
      Options: IPAM?.Options ?? null,
      Config: pool === undefined ? null : addressesOf(pool, IPAM?.Config ?? []),
    },
    Internal: request.Internal ?? false,
    Attachable: request.Attachable ?? false,
    Ingress: request.Ingress ?? false,
    ConfigFrom: request.ConfigFrom ?? { Network: "" },
    ConfigOnly: request.ConfigOnly ?? false,
    Options: request.Options ?? {},
    Labels: request.Labels ?? {},
  };
}

/** The subnets that were asked for; that of the addresses of version 4 is filled in. */
function addressesOf({ subnet, gateway }: AddressPool, asked: readonly IPAMConfig[]): IPAMConfig[] {
  const isNewer = ({ Subnet = "" }: IPAMConfig) => Subnet.includes(":");
  const own = asked.find((config) => !isNewer(config));
  return [{ ...own, Subnet: subnet, Gateway: gateway }, ...asked.filter(isNewer)];
}

function inspect(network: Network): NetworkInspect {
  const members = [...network.members].map(({ facts, networks }) => {
    const endpoint = networks[network.request.Name] ?? {};
    const { EndpointID = "", MacAddress = "", IPAddress = "", IPPrefixLen = 0 } = endpoint;
    const IPv4Address = IPAddress === "" ? "" : `${IPAddress}/${IPPrefixLen}`;
    return [facts.Id, { Name: facts.name, EndpointID, MacAddress, IPv4Address, IPv6Address: "" }] as const;
  });
  return { ...describe(network), Containers: Object.fromEntries(members) };
}
