import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type * as parameters from "../generated/parameters.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";

/** Options of `plugins.enable`. */
export interface PluginEnableOptions extends CallOptions {
  /** How long the engine waits for the plugin, in seconds. Default: 30, as the docker CLI has it; 0 is no limit. */
  readonly timeout?: number | undefined;
}

/**
 * Managed plugins: volume, network, log and other drivers that the engine runs by itself. `name` is a plugin's name
 * with or without a tag (default: `latest`), its id, or an unambiguous beginning of its id.
 *
 * Every method throws (or, through `outcome()`, gives as data) the answers that its operation documents. All of them
 * throw an `InvalidRequestError` before anything is sent if an argument cannot be sent. Podman has no managed plugins.
 */
export class Plugins {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Lists the installed plugins.
   *
   * `GET /plugins`, since API 1.40.
   *
   * @example
   * const drivers = await docker.plugins.list({ filters: { capability: ["volumedriver"], enabled: ["true"] } });
   */
  list(options: CallOptions & parameters.PluginListParameters = {}): OperationCall<"PluginList"> {
    return this.#engine.call("PluginList", split(options));
  }

  /**
   * Asks a registry which privileges a plugin wants. Installing it needs them, word for word, as a consent.
   *
   * `GET /plugins/privileges`, since API 1.40.
   *
   * @param remote the plugin in its registry, e.g. `registry.example:5000/team/plugin:1`
   * @param options `registryAuth` are the registry's credentials
   */
  privileges(
    remote: string,
    options: CallOptions & Omit<parameters.GetPluginPrivilegesParameters, "remote"> = {},
  ): OperationCall<"GetPluginPrivileges"> {
    const { parameters: others, ...input } = split(options);
    return this.#engine.call("GetPluginPrivileges", { ...input, parameters: { ...others, remote } });
  }

  /**
   * Gives everything that the engine knows of a plugin: what it can be set to, and what it is set to.
   *
   * `GET /plugins/{name}/json`, since API 1.40.
   */
  inspect(name: string, options: CallOptions = {}): OperationCall<"PluginInspect"> {
    return this.#engine.call("PluginInspect", { ...split(options), path: { name } });
  }

  /**
   * Starts a plugin, so that the engine uses it.
   *
   * `POST /plugins/{name}/enable`, since API 1.40.
   */
  enable(name: string, options: PluginEnableOptions = {}): OperationCall<"PluginEnable"> {
    const { timeout = 30, ...rest } = options;
    return this.#engine.call("PluginEnable", { ...split(rest), path: { name }, parameters: { timeout } });
  }

  /**
   * Stops a plugin. It stays installed.
   *
   * `POST /plugins/{name}/disable`, since API 1.40.
   *
   * @param options `force` stops it even if something uses it
   */
  disable(
    name: string,
    options: CallOptions & parameters.PluginDisableParameters = {},
  ): OperationCall<"PluginDisable"> {
    return this.#engine.call("PluginDisable", { ...split(options), path: { name } });
  }

  /**
   * Changes the settings of a plugin that is disabled.
   *
   * `POST /plugins/{name}/set`, since API 1.40.
   *
   * @param settings `NAME=value` for environment variables, mounts, devices and arguments, as far as the plugin lets
   *   them be set
   *
   * @example
   * await docker.plugins.set("team/plugin", ["DEBUG=1", "data.source=/srv/data"]);
   */
  set(name: string, settings: readonly string[], options: CallOptions = {}): OperationCall<"PluginSet"> {
    return this.#engine.call("PluginSet", { ...split(options), path: { name }, body: settings });
  }

  /**
   * Removes a plugin that is disabled.
   *
   * `DELETE /plugins/{name}`, since API 1.40.
   *
   * @param options `force` disables it first, and removes it even if something uses it
   */
  remove(name: string, options: CallOptions & parameters.PluginDeleteParameters = {}): OperationCall<"PluginDelete"> {
    return this.#engine.call("PluginDelete", { ...split(options), path: { name } });
  }
}
