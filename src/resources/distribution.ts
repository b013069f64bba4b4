import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type * as parameters from "../generated/parameters.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";

/** Images in their registries, looked at by the engine without pulling them. */
export class Distribution {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Asks an image's registry for its digest and platforms. Podman does not have it.
   *
   * `GET /distribution/{name}/json`, since API 1.40.
   *
   * @param name the image with or without a tag or digest, e.g. `registry.example:5000/team/app:1`
   * @param options `registryAuth` are the registry's credentials (default: those that this client has for it)
   *
   * @example
   * const { Descriptor } = await docker.distribution.inspect("alpine:3");
   * console.log(Descriptor.digest);
   */
  inspect(
    name: string,
    options: CallOptions & parameters.DistributionInspectParameters = {},
  ): OperationCall<"DistributionInspect"> {
    return this.#engine.call("DistributionInspect", { ...split(options), path: { name } });
  }
}
