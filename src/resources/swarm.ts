import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type { SwarmInitRequest, SwarmJoinRequest, SwarmSpec, SwarmUnlockRequest } from "../generated/models.ts";
import type * as parameters from "../generated/parameters.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";

/** What `swarm.join` needs to know; `ListenAddr` is `0.0.0.0:2377` by default. */
export interface SwarmJoinSpec extends Omit<SwarmJoinRequest, "ListenAddr"> {
  ListenAddr?: string | undefined;
}

/** The engine refuses an empty address; this is the docker CLI's. */
const anyAddress = { ListenAddr: "0.0.0.0:2377" };

/**
 * The swarm that the engine is a node of.
 *
 * Every method throws (or, through `outcome()`, gives as data) the answers that its operation documents: `NotInSwarm`
 * if the engine is not in a swarm, or no manager where one is needed. All of them throw an `InvalidRequestError` before
 * anything is sent if an argument cannot be sent. Podman has no swarm.
 */
export class Swarm {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Gives the swarm's specification, certificates, and the tokens with which engines join it. Only a manager can.
   *
   * `GET /swarm`, since API 1.40.
   */
  inspect(options: CallOptions = {}): OperationCall<"SwarmInspect"> {
    return this.#engine.call("SwarmInspect", split(options));
  }

  /**
   * Makes the engine the first manager of a new swarm; `AlreadyInSwarm` if it is in one.
   *
   * `POST /swarm/init`, since API 1.40.
   *
   * @param spec `ListenAddr` is `0.0.0.0:2377` by default; `AdvertiseAddr`, the address or interface at which the others
   *   reach this engine, is needed where it has several
   * @returns the engine's id as a node
   *
   * @example
   * await docker.swarm.init({ AdvertiseAddr: "eth0" });
   * const { JoinTokens } = await docker.swarm.inspect();
   */
  init(spec: SwarmInitRequest = {}, options: CallOptions = {}): OperationCall<"SwarmInit"> {
    return this.#engine.call("SwarmInit", { ...split(options), body: { ...anyAddress, ...spec } });
  }

  /**
   * Makes the engine a node of an existing swarm; `AlreadyInSwarm` if it is in one.
   *
   * `POST /swarm/join`, since API 1.40.
   *
   * @param spec `RemoteAddrs` are managers, and `JoinToken` decides whether the engine becomes a worker or a manager;
   *   `swarm.inspect()` on a manager gives the tokens
   *
   * @example
   * await worker.swarm.join({ RemoteAddrs: ["10.0.0.1:2377"], JoinToken: JoinTokens.Worker });
   */
  join(spec: SwarmJoinSpec, options: CallOptions = {}): OperationCall<"SwarmJoin"> {
    return this.#engine.call("SwarmJoin", { ...split(options), body: { ...anyAddress, ...spec } });
  }

  /**
   * Takes the engine out of its swarm. A worker leaves at once; the swarm's managers go on to know it, as a node that is
   * down, until `nodes.remove`.
   *
   * `POST /swarm/leave`, since API 1.40.
   *
   * @param options `force` lets a manager leave too, even the last one, and so the swarm end
   */
  leave(options: CallOptions & parameters.SwarmLeaveParameters = {}): OperationCall<"SwarmLeave"> {
    return this.#engine.call("SwarmLeave", split(options));
  }

  /**
   * Changes the swarm's specification, or its tokens and key.
   *
   * `POST /swarm/update`, since API 1.40.
   *
   * @param spec the whole new specification: what is left out is reset, not kept
   * @param options `version` is the `Version.Index` that `inspect` gave: the engine refuses the change of a swarm that was
   *   changed in between; `rotateWorkerToken`, `rotateManagerToken` and `rotateManagerUnlockKey` make new ones
   *
   * @example
   * const { Spec, Version } = await docker.swarm.inspect();
   * const locked = { ...Spec, EncryptionConfig: { AutoLockManagers: true } };
   * await docker.swarm.update(locked, { version: Version.Index });
   */
  update(spec: SwarmSpec, options: CallOptions & parameters.SwarmUpdateParameters): OperationCall<"SwarmUpdate"> {
    return this.#engine.call("SwarmUpdate", { ...split(options), body: spec });
  }

  /**
   * Gives the key that a manager of a locked swarm needs after a restart; it is empty if the swarm is not locked.
   *
   * `GET /swarm/unlockkey`, since API 1.40.
   */
  unlockKey(options: CallOptions = {}): OperationCall<"SwarmUnlockkey"> {
    return this.#engine.call("SwarmUnlockkey", split(options));
  }

  /**
   * Unlocks a manager that has been restarted; `Unauthorized` if the key is wrong, `Conflict` if it is not locked.
   *
   * `POST /swarm/unlock`, since API 1.40.
   *
   * @param key `UnlockKey` as `unlockKey()` gave it
   */
  unlock(key: SwarmUnlockRequest, options: CallOptions = {}): OperationCall<"SwarmUnlock"> {
    return this.#engine.call("SwarmUnlock", { ...split(options), body: key });
  }
}
