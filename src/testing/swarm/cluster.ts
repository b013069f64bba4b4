import { setMaxListeners } from "node:events";
import type { ClusterInfo, JoinTokens, NetworkCreateRequest, SwarmSpec, TLSInfo } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";
import { engineFacts } from "../state/engine-facts.ts";
import { sha256 } from "../state/ids.ts";
import type { World } from "../state/world.ts";
import { BlobStore } from "./blobs.ts";
import { checkVersion, headOf, Ledger, type SwarmObject } from "./ledger.ts";
import type { SwarmNode } from "./node.ts";
import { Orchestrator } from "./orchestrator.ts";
import { usersOf } from "./service.ts";
import { ServiceStore } from "./service-store.ts";
import { TaskRunner } from "./task-runner.ts";
import { TaskStore } from "./task-store.ts";

/** What a swarm is made with. */
export interface ClusterOptions {
  readonly address: string;
  readonly spec: SwarmSpec;
  readonly pools: readonly string[];
  readonly subnetSize: number;
}

/** How a change of a swarm renews what gives access to it. */
export interface Rotation {
  readonly worker: boolean;
  readonly manager: boolean;
  readonly unlockKey: boolean;
}

/** A swarm whose one node is the engine. */
export class Cluster {
  readonly ledger: Ledger;
  readonly node: SwarmNode;
  readonly tasks: TaskStore;
  readonly services: ServiceStore;
  readonly secrets: BlobStore;
  readonly configs: BlobStore;
  readonly orchestrator: Orchestrator;
  readonly #self: SwarmObject & { spec: SwarmSpec };
  readonly #options: ClusterOptions;
  readonly #closing = new AbortController();
  #tokens: JoinTokens;
  #unlockKey = "";

  constructor(world: World, options: ClusterOptions) {
    const ledger = new Ledger(world.clock, world.ids, world.events);
    this.ledger = ledger;
    this.#options = options;
    this.#self = { ...ledger.begin(), spec: fullSpec(options.spec) };
    const spec = { Role: "manager", Availability: "active", Labels: {} };
    this.node = { ...ledger.begin(), spec, address: options.address };
    this.#tokens = { Worker: this.#token(), Manager: this.#token() };
    this.#lock();
    this.tasks = new TaskStore(ledger);
    const services = () => this.services.all();
    const secret = { kind: "secret", largestBytes: 512_000 } as const;
    const config = { kind: "config", largestBytes: 1_024_000 } as const;
    this.secrets = new BlobStore(ledger, secret, ({ ID }) => usersOf(services(), "secret", ID));
    this.configs = new BlobStore(ledger, config, ({ ID }) => usersOf(services(), "config", ID));
    const closing = this.#closing.signal;
    // Each task that runs listens to it.
    setMaxListeners(0, closing);
    this.orchestrator = new Orchestrator({
      ledger,
      node: this.node,
      tasks: this.tasks,
      runner: new TaskRunner(world, this.tasks, this, closing),
      keptTasks: () => this.#self.spec.Orchestration?.TaskHistoryRetentionLimit ?? 5,
      closing,
    });
    this.services = new ServiceStore(world, this);
    const states = { "state.new": "ready", "state.old": "unknown" };
    ledger.tell("node", "update", this.node, { name: engineFacts.hostname, ...states });
  }

  get info(): ClusterInfo {
    return {
      ...headOf(this.#self),
      Spec: this.#self.spec,
      TLSInfo: tlsInfo,
      RootRotationInProgress: false,
      DefaultAddrPool: [...this.#options.pools],
      SubnetSize: this.#options.subnetSize,
      DataPathPort: 4789,
    };
  }

  get tokens(): JoinTokens {
    return this.#tokens;
  }

  /** Empty while the swarm is not locked. */
  get unlockKey(): string {
    return this.#unlockKey;
  }

  /** @throws Refusal if the swarm has changed since that version, or is given another name. */
  update(spec: SwarmSpec, version: number, rotate: Rotation): void {
    if (spec.Name && spec.Name !== "default") {
      throw new Refusal(400, 'swarm spec must be named "default"');
    }
    checkVersion(this.#self, version);
    this.#self.spec = fullSpec(spec);
    this.#tokens = {
      Worker: rotate.worker ? this.#token() : this.#tokens.Worker,
      Manager: rotate.manager ? this.#token() : this.#tokens.Manager,
    };
    if (rotate.unlockKey) {
      this.#unlockKey = "";
    }
    this.#lock();
    this.ledger.stamp(this.#self);
  }

  /** Ends everything that waits. */
  close(): void {
    this.#closing.abort();
  }

  /** There is a key as long as managers are to be locked. */
  #lock(): void {
    const { AutoLockManagers = false } = this.#self.spec.EncryptionConfig ?? {};
    const key = () => Buffer.from(sha256(this.ledger.token()), "hex").toString("base64").replace(/=+$/, "");
    this.#unlockKey = AutoLockManagers ? this.#unlockKey || `SWMKEY-1-${key()}` : "";
  }

  #token(): string {
    return `SWMTKN-1-${this.ledger.token()}${this.ledger.token()}-${this.ledger.token()}`;
  }
}

/** The networks that a swarm brings with it. */
export const swarmNetworks: readonly NetworkCreateRequest[] = [
  {
    Name: "ingress",
    Driver: "overlay",
    Scope: "swarm",
    Ingress: true,
    IPAM: { Config: [{ Subnet: "10.0.0.0/24", Gateway: "10.0.0.1" }] },
  },
  { Name: "docker_gwbridge", Driver: "bridge" },
];

/** No certificate is ever made: nobody can join. */
const tlsInfo: TLSInfo = { TrustRoot: "", CertIssuerSubject: "", CertIssuerPublicKey: "" };

/** What dockerd fills in (moby:daemon/cluster/convert/swarm.go). */
function fullSpec(spec: SwarmSpec): SwarmSpec {
  return {
    Labels: {},
    TaskDefaults: {},
    ...spec,
    Name: "default",
    Orchestration: { TaskHistoryRetentionLimit: 5, ...spec.Orchestration },
    Raft: {
      SnapshotInterval: 10_000,
      KeepOldSnapshots: 0,
      LogEntriesForSlowFollowers: 500,
      ElectionTick: 10,
      HeartbeatTick: 1,
      ...spec.Raft,
    },
    Dispatcher: { HeartbeatPeriod: 5_000_000_000, ...spec.Dispatcher },
    CAConfig: { NodeCertExpiry: 7_776_000_000_000_000, ...spec.CAConfig },
    EncryptionConfig: { AutoLockManagers: false, ...spec.EncryptionConfig },
  };
}
