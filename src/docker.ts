import type { Call } from "./call.ts";
import { type Candidate, currentSurroundings, findCandidates } from "./config/candidates.ts";
import { formatEndpoint } from "./config/endpoint.ts";
import { compareVersions, isVersion, newestVersion, oldestVersion } from "./engine/api-version.ts";
import { defaultTimeouts } from "./engine/call-options.ts";
import { Engine, type OperationId, type ValueOf } from "./engine/engine.ts";
import type { CallInput } from "./engine/request.ts";
import { InvalidRequestError } from "./errors/invalid-request-error.ts";
import type { Outcomes } from "./generated/outcomes.ts";
import { Configs } from "./resources/configs.ts";
import { Containers } from "./resources/containers.ts";
import { Distribution } from "./resources/distribution.ts";
import { Execs } from "./resources/execs.ts";
import { Images } from "./resources/images.ts";
import { Networks } from "./resources/networks.ts";
import { Nodes } from "./resources/nodes.ts";
import { Plugins } from "./resources/plugins.ts";
import { Secrets } from "./resources/secrets.ts";
import { Services } from "./resources/services.ts";
import { Swarm } from "./resources/swarm.ts";
import { System } from "./resources/system.ts";
import { Tasks } from "./resources/tasks.ts";
import { Volumes } from "./resources/volumes.ts";
import { DeferredTransport } from "./transport/deferred-transport.ts";
import type { Timeouts, Transport } from "./transport/transport.ts";

/** How a client finds its engine and speaks with it. */
export interface DockerOptions {
  /**
   * The engine's address: `unix:///path/to/docker.sock` or `tcp://host:port`. Default: `DOCKER_HOST`, else the first of
   * the well-known sockets that answers (Docker, rootless Docker, Docker Desktop, Colima, Podman).
   */
  readonly host?: string | undefined;
  /** The API version to speak, `1.40` to `1.56`. Default: `DOCKER_API_VERSION`, else negotiated on first use. */
  readonly apiVersion?: string | undefined;
  /**
   * Limits for every call, in milliseconds. Default: 10,000 to connect; 120,000 until the answer's headers and 60,000
   * between two pieces of its body, except for calls that may take long, which have only the limit to connect.
   */
  readonly timeouts?: Timeouts | undefined;
}

/**
 * A client for one Docker engine. It connects on first use, keeps idle connections without keeping the process alive,
 * and ends them with `close()` or `await using`.
 *
 * @example
 * await using docker = new Docker();
 * for (const { Id, Image, Status } of await docker.containers.list({ all: true })) {
 *   console.log(Id.slice(0, 8), Image, Status);
 * }
 */
export class Docker implements AsyncDisposable {
  readonly containers: Containers;
  readonly execs: Execs;
  readonly images: Images;
  readonly networks: Networks;
  readonly volumes: Volumes;
  readonly system: System;
  readonly plugins: Plugins;
  readonly swarm: Swarm;
  readonly nodes: Nodes;
  readonly services: Services;
  readonly tasks: Tasks;
  readonly secrets: Secrets;
  readonly configs: Configs;
  readonly distribution: Distribution;
  readonly #engine: Engine;

  /** @throws InvalidRequestError if the address or the version is malformed. */
  constructor(options: DockerOptions = {}) {
    const surroundings = currentSurroundings();
    const candidates = findCandidates(options.host, surroundings);
    const timeouts = { ...defaultTimeouts, ...options.timeouts };
    this.#engine = new Engine(
      connect(candidates, timeouts),
      chosenVersion(options.apiVersion, surroundings.env["DOCKER_API_VERSION"]),
      timeouts,
    );
    this.containers = new Containers(this.#engine);
    this.execs = new Execs(this.#engine);
    this.images = new Images(this.#engine);
    this.networks = new Networks(this.#engine);
    this.volumes = new Volumes(this.#engine);
    this.system = new System(this.#engine);
    this.plugins = new Plugins(this.#engine);
    this.swarm = new Swarm(this.#engine);
    this.nodes = new Nodes(this.#engine);
    this.services = new Services(this.#engine);
    this.tasks = new Tasks(this.#engine);
    this.secrets = new Secrets(this.#engine);
    this.configs = new Configs(this.#engine);
    this.distribution = new Distribution(this.#engine);
  }

  /**
   * Executes any operation of the Engine API by its id, with the same checks, versions, outcomes and errors as the
   * methods of the resources. The value of an operation that answers with a stream is an async iterable of its bytes,
   * or the upgraded connection.
   *
   * @example
   * const networks = await docker.request("NetworkList", { parameters: { filters: { driver: ["bridge"] } } });
   */
  request<Id extends OperationId>(operation: Id, input: CallInput = {}): Call<ValueOf<Outcomes[Id]>, Outcomes[Id]> {
    return this.#engine.call(operation, input);
  }

  /**
   * Ends all connections, the busy ones too: their calls and streams fail with an `AbortError`, as does every later
   * call. Resolves when no socket is left.
   */
  close(): Promise<void> {
    return this.#engine.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** HTTP and sockets are loaded with the first call: that halves the time which importing Fairlead takes. */
function connect(candidates: readonly Candidate[], timeouts: Timeouts): Transport {
  const addresses = candidates.map(({ endpoint, source }) => ({
    ...endpoint,
    address: formatEndpoint(endpoint),
    source,
  }));
  return new DeferredTransport(async (context) => {
    const { openTransport } = await import("./transport/open-transport.ts");
    return openTransport(addresses, timeouts, context);
  });
}

function chosenVersion(option: string | undefined, variable: string | undefined): string | undefined {
  // The docker CLI treats an empty DOCKER_API_VERSION as none.
  const version = option ?? (variable || undefined);
  if (version === undefined) {
    return undefined;
  }
  const source = option === undefined ? "DOCKER_API_VERSION" : "apiVersion";
  if (!isVersion(version)) {
    throw new InvalidRequestError(`${source} must be a version such as 1.47`, { parameter: source });
  }
  if (compareVersions(version, oldestVersion) < 0 || compareVersions(version, newestVersion) > 0) {
    throw new InvalidRequestError(`${source} is ${version}, and Fairlead speaks ${oldestVersion} to ${newestVersion}`, {
      parameter: source,
    });
  }
  return version;
}
