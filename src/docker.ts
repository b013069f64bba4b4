import { currentSurroundings } from "./config/surroundings.ts";
import { type ConnectionOptions, connect } from "./connection.ts";
import { type CredentialsOptions, credentialsOf } from "./credentials.ts";
import { compareVersions, isVersion, newestVersion, oldestVersion } from "./engine/api-version.ts";
import { defaultTimeouts } from "./engine/call-options.ts";
import { Engine, type OperationId } from "./engine/engine.ts";
import type { CallInput } from "./engine/request.ts";
import { InvalidRequestError } from "./errors/invalid-request-error.ts";
import type { EngineExplanation } from "./explain.ts";
import { Configs } from "./resources/configs.ts";
import { Containers } from "./resources/containers.ts";
import { Distribution } from "./resources/distribution.ts";
import { Execs } from "./resources/execs.ts";
import { Images } from "./resources/images.ts";
import { Networks } from "./resources/networks.ts";
import { Nodes } from "./resources/nodes.ts";
import type { OperationCall } from "./resources/operation-call.ts";
import { type PingCall, type PingOptions, ping } from "./resources/ping.ts";
import { Plugins } from "./resources/plugins.ts";
import { Registry } from "./resources/registry.ts";
import { Secrets } from "./resources/secrets.ts";
import { Services } from "./resources/services.ts";
import { Swarm } from "./resources/swarm.ts";
import { System } from "./resources/system.ts";
import { Tasks } from "./resources/tasks.ts";
import { Volumes } from "./resources/volumes.ts";
import type { Timeouts } from "./transport/transport.ts";

/** How a client finds its engine and speaks with it. */
export interface DockerOptions extends ConnectionOptions, CredentialsOptions {
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
  readonly registry: Registry;
  readonly #engine: Engine;

  /** @throws InvalidRequestError if the address or the version is malformed. */
  constructor(options: DockerOptions = {}) {
    const surroundings = currentSurroundings();
    const timeouts = { ...defaultTimeouts, ...options.timeouts };
    const credentials = credentialsOf(options, surroundings);
    this.#engine = new Engine(
      connect(options, surroundings, timeouts),
      chosenVersion(options.apiVersion, surroundings.env["DOCKER_API_VERSION"]),
      timeouts,
      credentials,
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
    this.registry = new Registry(this.#engine, credentials);
  }

  /**
   * Asks whether the engine is up, and which it is: one short answer, within `timeoutMs` (default: 5,000) in all. An
   * engine that gives none is a failure for who awaits, and the outcome `Unreachable` for who asks for outcomes.
   *
   * `HEAD /_ping`, since API 1.40.
   *
   * @throws ConnectError if nobody listens there, TimeoutError if the answer takes too long, RequestError or
   *   ResponseError if the connection breaks, StatusError if the engine says that it is not well
   *
   * @example
   * const outcome = await docker.ping({ timeoutMs: 1_000 }).outcome();
   * console.log(outcome.kind === "Succeeded" ? outcome.value.version : `down: ${outcome.error.message}`);
   */
  ping(options: PingOptions = {}): PingCall {
    return ping(this.#engine, options);
  }

  /**
   * Tells which engine a client with these options speaks with, and why that one: what decided, what did not, and which
   * of the well-known sockets nobody listens at. It connects to those alone, and sends nothing.
   *
   * @throws InvalidRequestError if an option or a variable is malformed; ConfigError if the context does not exist, or
   *   a file cannot be used
   *
   * @example
   * const { endpoint, source } = await Docker.explain();
   * console.log(`${endpoint ?? "nowhere"} (${source ?? "nobody listens"})`);
   */
  static async explain(options: DockerOptions = {}): Promise<EngineExplanation> {
    const surroundings = currentSurroundings();
    const apiVersion = chosenVersion(options.apiVersion, surroundings.env["DOCKER_API_VERSION"]);
    const { explain } = await import("./explain.ts");
    return explain({ ...options, apiVersion }, surroundings, { ...defaultTimeouts, ...options.timeouts });
  }

  /**
   * Executes any operation of the Engine API by its id, with the same checks, versions, outcomes and errors as the
   * methods of the resources. The value of an operation that answers with a stream is an async iterable of its bytes,
   * or the upgraded connection.
   *
   * @example
   * const networks = await docker.request("NetworkList", { parameters: { filters: { driver: ["bridge"] } } });
   */
  request<Id extends OperationId>(operation: Id, input: CallInput = {}): OperationCall<Id> {
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

function chosenVersion(option: string | undefined, variable: string | undefined): string | undefined {
  // The docker CLI treats an empty DOCKER_API_VERSION as none.
  const version = (option ?? (variable || undefined))?.replace(/^v/, "");
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
