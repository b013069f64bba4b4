import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type * as parameters from "../generated/parameters.ts";
import { type ByteSource, toBody } from "./byte-source.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";
import {
  type PluginPullCall,
  type PluginPullOptions,
  type PluginPushCall,
  type PluginPushOptions,
  type PluginUpgradeCall,
  type PluginUpgradeOptions,
  pullPlugin,
  pushPlugin,
  upgradePlugin,
} from "./plugin-transfer.ts";

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
   * @param options `registryAuth` are the registry's credentials (default: those that this client has for it)
   */
  privileges(
    remote: string,
    options: CallOptions & Omit<parameters.GetPluginPrivilegesParameters, "remote"> = {},
  ): OperationCall<"GetPluginPrivileges"> {
    const { parameters: others, ...input } = split(options);
    return this.#engine.call("GetPluginPrivileges", { ...input, parameters: { ...others, remote } });
  }

  /**
   * Installs a plugin from its registry, disabled. `await` it to have it installed, or iterate it for the progress; a
   * failure that the engine reports in the middle of the progress is thrown by both.
   *
   * `POST /plugins/pull`, since API 1.40.
   *
   * @param remote the plugin in its registry, e.g. `registry.example:5000/team/plugin:1`
   * @param options `privileges` are the consent to what the plugin may do; `name` is what it is called here (default:
   *   `remote`); `registryAuth` are the registry's credentials (default: those that this client has for it)
   * @throws EngineStreamError if the engine reports a failure after it began to answer
   *
   * @example
   * const privileges = await docker.plugins.privileges("team/plugin:1"); // look at them before you consent
   * const { name } = await docker.plugins.pull("team/plugin:1", { privileges });
   * await docker.plugins.enable(name);
   */
  pull(remote: string, options: PluginPullOptions = {}): PluginPullCall {
    return pullPlugin(this.#engine, remote, options);
  }

  /**
   * Replaces a plugin that is disabled by another version of it, and keeps its settings. `await` it or iterate it, as
   * with `pull`.
   *
   * `POST /plugins/{name}/upgrade`, since API 1.40.
   *
   * @param remote the new version in its registry, e.g. `registry.example:5000/team/plugin:2`
   * @param options as for `pull`
   * @throws EngineStreamError if the engine reports a failure after it began to answer
   */
  upgrade(name: string, remote: string, options: PluginUpgradeOptions = {}): PluginUpgradeCall {
    return upgradePlugin(this.#engine, name, remote, options);
  }

  /**
   * Pushes a plugin to the registry that its name begins with. `await` it or iterate it, as with `pull`.
   *
   * `POST /plugins/{name}/push`, since API 1.40.
   *
   * @param options `registryAuth` are the registry's credentials (default: those that this client has for it)
   * @throws EngineStreamError if the engine reports a failure after it began to answer
   */
  push(name: string, options: PluginPushOptions = {}): PluginPushCall {
    return pushPlugin(this.#engine, name, options);
  }

  /**
   * Makes a plugin of a tar that holds its `config.json` and its `rootfs` folder. It is disabled at first.
   *
   * `POST /plugins/create`, since API 1.40. It may take long, so only the connecting has a time limit by default.
   *
   * @param name what the plugin is called, with or without a tag
   */
  create(name: string, tar: ByteSource, options: CallOptions = {}): OperationCall<"PluginCreate"> {
    return this.#engine.call("PluginCreate", { ...split(options), parameters: { name }, body: toBody(tar) });
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
