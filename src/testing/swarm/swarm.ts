import type { LocalNodeState, SwarmInfo, SwarmInitRequest, SwarmJoinRequest } from "../../generated/models.ts";
import { notImplemented, Refusal } from "../http/refusal.ts";
import type { World } from "../state/world.ts";
import { Cluster, swarmNetworks } from "./cluster.ts";

/** An engine's part in a swarm: none, or that of its only node. */
export class Swarm {
  readonly #world: World;
  #cluster: Cluster | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  get isActive(): boolean {
    return this.#cluster !== undefined;
  }

  /** As the header of a ping has it. */
  get pingState(): string {
    return this.isActive ? "active/manager" : "inactive";
  }

  /**
   * The swarm.
   *
   * @throws Refusal if the engine is in none.
   */
  get cluster(): Cluster {
    if (this.#cluster === undefined) {
      throw new Refusal(503, notAManager);
    }
    return this.#cluster;
  }

  /** As `GET /info` tells of it. */
  get info(): SwarmInfo {
    if (this.#cluster === undefined) {
      return { ...nowhere, RemoteManagers: null };
    }
    const { node, info } = this.#cluster;
    return {
      NodeID: node.ID,
      NodeAddr: node.address,
      LocalNodeState: "active",
      ControlAvailable: true,
      Error: "",
      RemoteManagers: [{ NodeID: node.ID, Addr: `${node.address}:2377` }],
      Nodes: 1,
      Managers: 1,
      Cluster: info,
    };
  }

  /**
   * Makes a swarm, and gives the id of its node.
   *
   * @throws Refusal if the engine is in one, or an address is none.
   */
  init({ ListenAddr = "", AdvertiseAddr, Spec = {}, DefaultAddrPool, SubnetSize }: SwarmInitRequest): string {
    this.#mustBeAlone();
    checkListenAddress(ListenAddr);
    this.#cluster = new Cluster(this.#world, {
      address: (AdvertiseAddr || "127.0.0.1").replace(/:\d+$/, ""),
      spec: Spec,
      pools: DefaultAddrPool?.length ? DefaultAddrPool : ["10.0.0.0/8"],
      subnetSize: SubnetSize || 24,
    });
    const { networks } = this.#world;
    for (const request of swarmNetworks) {
      if (!networks.all().some((network) => network.request.Name === request.Name)) {
        networks.create(request);
      }
    }
    return this.#cluster.node.ID;
  }

  /** Refuses always: there is no other engine to join. */
  join({ ListenAddr = "", RemoteAddrs = [], JoinToken = "" }: Partial<SwarmJoinRequest>): never {
    this.#mustBeAlone();
    checkListenAddress(ListenAddr);
    if (RemoteAddrs.length === 0) {
      throw new Refusal(400, "at least 1 RemoteAddr is required to join");
    }
    if (!/^SWMTKN-1-\w{50}-\w{25}$/.test(JoinToken)) {
      throw new Refusal(500, "invalid join token");
    }
    throw notImplemented("Joining the swarm of another engine");
  }

  /** Ends the swarm, its services and its networks. */
  async leave(force: boolean): Promise<void> {
    if (this.#cluster === undefined) {
      throw new Refusal(503, "This node is not part of a swarm");
    }
    if (!force) {
      throw new Refusal(503, lastManager);
    }
    const { tasks } = this.#cluster;
    this.#cluster.close();
    this.#cluster = undefined;
    const { lifecycle, networks } = this.#world;
    const containers = tasks.all().flatMap(({ container }) => container ?? []);
    await Promise.all(containers.map((container) => lifecycle.remove(container, { withVolumes: true })));
    for (const network of networks.all().filter(({ driver }) => driver === "overlay")) {
      networks.remove(network);
    }
  }

  close(): void {
    this.#cluster?.close();
  }

  #mustBeAlone(): void {
    if (this.isActive) {
      throw new Refusal(503, alreadyInSwarm);
    }
  }
}

const inactive: LocalNodeState = "inactive";
const nowhere = { NodeID: "", NodeAddr: "", LocalNodeState: inactive, ControlAvailable: false, Error: "" };

/** What dockerd says when the swarm is needed. */
export const notAManager: string =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
const alreadyInSwarm =
  'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join another one.';
const lastManager =
  "You are attempting to leave the swarm on a node that is participating as a manager. Removing the last manager erases all current state of the swarm. Use `--force` to ignore this message. ";

function checkListenAddress(text: string): void {
  if (text === "") {
    throw new Refusal(400, 'invalid ListenAddr "": invalid empty address');
  }
  if (!/^(\[[\da-f:]+\]|[\d.]+|[\w-]+)(:\d+)?$/i.test(text)) {
    throw new Refusal(400, "listen address must be an IP address or network interface (with optional port number)");
  }
}
