import type { EndpointSettings, NetworkCreateRequest } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";
import { AddressPool } from "./address-pool.ts";
import type { Clock } from "./clock.ts";
import type { Container } from "./container.ts";
import type { EventBus } from "./event-bus.ts";
import type { Ids } from "./ids.ts";

/** A network, and the containers in it. */
export interface Network {
  readonly Id: string;
  readonly request: NetworkCreateRequest;
  readonly driver: string;
  readonly createdMs: number;
  /** Undefined for `host` and `none`. */
  readonly pool: AddressPool | undefined;
  readonly members: Set<Container>;
}

const predefined = ["bridge", "host", "none"];
/** What dockerd says of its own bridge. */
const bridgeOptions = {
  "com.docker.network.bridge.default_bridge": "true",
  "com.docker.network.bridge.enable_icc": "true",
  "com.docker.network.bridge.enable_ip_masquerade": "true",
  "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
  "com.docker.network.bridge.name": "docker0",
  "com.docker.network.driver.mtu": "1500",
};
/** The first and the last of the subnets that are given to networks which ask for none: 172.17.0.0/16 and on. */
const [firstPool, lastPool] = [17, 255];
const drivers = ["bridge", "host", "null", "macvlan", "ipvlan", "overlay"];

/** The networks of an engine; no packet is ever sent. */
export class NetworkStore {
  readonly #networks = new Map<string, Network>();
  readonly #ids: Ids;
  readonly #clock: Clock;
  readonly #events: EventBus;

  constructor(ids: Ids, clock: Clock, events: EventBus) {
    this.#ids = ids;
    this.#clock = clock;
    this.#events = events;
    for (const Name of predefined) {
      const Options = Name === "bridge" ? bridgeOptions : {};
      this.#add({ Name, Driver: Name === "none" ? "null" : Name, Options });
    }
  }

  all(): Network[] {
    return [...this.#networks.values()];
  }

  isPredefined({ request }: Network): boolean {
    return predefined.includes(request.Name);
  }

  /** Whether `find` would find it. */
  isThere(idOrName: string): boolean {
    return this.#matching(idOrName).length === 1;
  }

  /**
   * Finds a network by its id, its name, or the beginning of its id.
   *
   * @throws Refusal if there is none, or more than one.
   */
  find(idOrName: string): Network {
    const found = this.#matching(idOrName);
    const [network] = found;
    if (network === undefined) {
      throw new Refusal(404, `network ${idOrName} not found`);
    }
    if (found.length > 1) {
      throw new Refusal(400, `network ${idOrName} is ambiguous (${found.length} matches found on name)`);
    }
    return network;
  }

  /** @throws Refusal if the name is taken, or the driver is none. */
  create(request: NetworkCreateRequest): Network {
    const { Name, Driver = "bridge" } = request;
    if (!Name) {
      throw new Refusal(400, "invalid name: name is empty");
    }
    if (predefined.includes(Name)) {
      throw new Refusal(403, `operation is not permitted on predefined ${Name} network `);
    }
    if (this.all().some((other) => other.request.Name === Name)) {
      throw new Refusal(409, `network with name ${Name} already exists`);
    }
    if (!drivers.includes(Driver || "bridge")) {
      throw new Refusal(404, `could not find plugin ${Driver} in v1 plugin registry: plugin not found`);
    }
    const network = this.#add(request);
    this.#tell(network, "create");
    return network;
  }

  /** @throws Refusal if it is predefined, or containers are in it. */
  remove(network: Network): void {
    const { request, Id, members } = network;
    if (this.isPredefined(network)) {
      throw new Refusal(403, `${request.Name} is a pre-defined network and cannot be removed`);
    }
    if (members.size > 0) {
      const names = [...members].map((member) => endpointName(member, request.Name)).join(", ");
      throw new Refusal(403, `error while removing network: network ${request.Name} has active endpoints (${names})`);
    }
    this.#networks.delete(Id);
    this.#tell(network, "destroy");
  }

  /** Puts a container that does not run into a network, which need not be there until it starts. */
  expect(idOrName: string, container: Container, asked: EndpointSettings = {}): void {
    if (this.isThere(idOrName)) {
      this.connect(this.find(idOrName), container, asked);
    } else {
      container.networks[idOrName] = { ...emptyEndpoint, ...asked, NetworkID: "", DNSNames: null };
    }
  }

  /**
   * Puts a container into a network; it gets its address while it runs.
   *
   * @throws Refusal if it is there already, or cannot have the address that it asks for.
   */
  connect(network: Network, container: Container, asked: EndpointSettings = {}): void {
    const { Name, IPAM } = network.request;
    if (asked.IPAMConfig?.IPv4Address && !IPAM?.Config?.some(({ Subnet }) => Subnet)) {
      throw new Refusal(
        400,
        "invalid endpoint settings:\nuser specified IP address is supported only when connecting to networks with user configured subnets",
      );
    }
    if (container.networks[Name] !== undefined) {
      throw new Refusal(403, `endpoint with name ${container.facts.name} already exists in network ${Name}`);
    }
    const names = Name === "bridge" ? [] : [container.facts.Id.slice(0, 12), container.facts.name];
    container.networks[Name] = {
      ...emptyEndpoint,
      ...asked,
      NetworkID: network.Id,
      DNSNames: names.length === 0 ? null : [...new Set([...names, ...(asked.Aliases ?? [])])],
    };
    if (container.isRunning) {
      this.#enter(network, container);
    }
  }

  /** @throws Refusal if the container is not in it. */
  disconnect(network: Network, container: Container): void {
    const { Name } = network.request;
    if (container.networks[Name] === undefined) {
      throw new Refusal(500, `container ${container.facts.Id} is not connected to network ${Name}`);
    }
    this.#leave(network, container);
    delete container.networks[Name];
  }

  /** Gives a container that starts its addresses. */
  started(container: Container): void {
    for (const network of this.#of(container)) {
      this.#enter(network, container);
    }
  }

  /** Takes the addresses of a container that has ended. */
  stopped(container: Container): void {
    for (const network of this.#of(container)) {
      this.#leave(network, container);
    }
  }

  #matching(idOrName: string): Network[] {
    const exact = this.#networks.get(idOrName) ?? this.all().find(({ request }) => request.Name === idOrName);
    return exact ? [exact] : this.all().filter(({ Id }) => idOrName !== "" && Id.startsWith(idOrName));
  }

  #of({ networks }: Container): Network[] {
    return Object.keys(networks).flatMap((name) => this.all().find(({ request }) => request.Name === name) ?? []);
  }

  #enter(network: Network, container: Container): void {
    const { pool, request, members } = network;
    const endpoint = container.networks[request.Name] ?? {};
    members.add(container);
    container.networks[request.Name] = {
      ...endpoint,
      NetworkID: network.Id,
      EndpointID: this.#ids.next(),
      ...pool?.take(endpoint.IPAMConfig?.IPv4Address),
    };
    this.#tell(network, "connect", container);
  }

  #leave(network: Network, container: Container): void {
    const { Name } = network.request;
    const endpoint = container.networks[Name] ?? {};
    if (network.members.delete(container)) {
      network.pool?.giveBack(endpoint.IPAddress ?? "");
      container.networks[Name] = { ...endpoint, ...nowhere };
      this.#tell(network, "disconnect", container);
    }
  }

  #add(request: NetworkCreateRequest): Network {
    const driver = request.Driver || "bridge";
    const network = {
      Id: this.#ids.next(),
      request,
      driver,
      createdMs: this.#clock.now(),
      pool: driver === "host" || driver === "null" ? undefined : this.#poolFor(request),
      members: new Set<Container>(),
    };
    this.#networks.set(network.Id, network);
    return network;
  }

  /** @throws Refusal if the addresses that are asked for are none, or another network has them. */
  #poolFor({ IPAM, Driver }: NetworkCreateRequest): AddressPool {
    const asked = IPAM?.Config?.find(({ Subnet = "" }) => Subnet !== "" && !Subnet.includes(":"));
    if (asked === undefined) {
      return this.#freePool(Driver === "overlay" ? (n) => `10.0.${n - 16}.0/24` : (n) => `172.${n}.0.0/16`);
    }
    const pool = new AddressPool(asked.Subnet ?? "", asked.Gateway || undefined, asked.IPRange || undefined);
    if (this.all().some((other) => other.pool?.overlaps(pool))) {
      throw new Refusal(403, "invalid pool request: Pool overlaps with other one on this address space");
    }
    return pool;
  }

  #freePool(subnet: (number: number) => string): AddressPool {
    for (let number = firstPool; number <= lastPool; number += 1) {
      const pool = new AddressPool(subnet(number));
      if (!this.all().some((other) => other.pool?.overlaps(pool))) {
        return pool;
      }
    }
    throw new Refusal(400, "all predefined address pools have been fully subnetted");
  }

  #tell({ Id, request, driver }: Network, Action: string, container?: Container): void {
    const Attributes = {
      name: request.Name,
      type: driver,
      ...(container === undefined ? {} : { container: container.facts.Id }),
    };
    this.#events.publish({ Type: "network", Action, ID: Id, Attributes });
  }
}

/** How dockerd names a container's place in a network. */
function endpointName({ facts, networks }: Container, network: string): string {
  return `name:"${facts.name}" id:"${networks[network]?.EndpointID?.slice(0, 12)}"`;
}

const nowhere: EndpointSettings = {
  EndpointID: "",
  Gateway: "",
  IPAddress: "",
  IPPrefixLen: 0,
  MacAddress: "",
};

const emptyEndpoint: EndpointSettings = {
  IPAMConfig: null,
  Links: null,
  Aliases: null,
  DriverOpts: null,
  GwPriority: 0,
  IPv6Gateway: "",
  GlobalIPv6Address: "",
  GlobalIPv6PrefixLen: 0,
  ...nowhere,
};
