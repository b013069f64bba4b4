import { decodeProgress, type ProgressEvent } from "../codecs/progress.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import type { CallInput } from "../engine/request.ts";
import type { PluginPrivilege } from "../generated/models.ts";
import type { PluginPullOutcome, PluginPushOutcome, PluginUpgradeOutcome } from "../generated/outcomes.ts";
import type { PluginPullParameters, PluginPushParameters, PluginUpgradeParameters } from "../generated/parameters.ts";
import { split } from "./options.ts";
import { ProgressCall, type ProgressReader, ProgressRun } from "./progress-call.ts";
import { readPushed } from "./push.ts";

/** Options of `plugins.pull`. */
export interface PluginPullOptions extends CallOptions, Omit<PluginPullParameters, "remote"> {
  /** What the plugin may do, word for word as `plugins.privileges` gave it. Default: none. */
  readonly privileges?: readonly PluginPrivilege[] | undefined;
}

/** Options of `plugins.upgrade`. */
export interface PluginUpgradeOptions extends CallOptions, Omit<PluginUpgradeParameters, "remote"> {
  /** What the plugin may do, word for word as `plugins.privileges` gave it. Default: none. */
  readonly privileges?: readonly PluginPrivilege[] | undefined;
}

/** Options of `plugins.push`. */
export interface PluginPushOptions extends CallOptions, PluginPushParameters {}

/** What a pull, an upgrade or a push of a plugin came to. */
export interface PluginTransferResult {
  /** The plugin's name on this engine. */
  readonly name: string;
  /** The digest of what was pulled or pushed, if the engine told it. */
  readonly digest: string | undefined;
}

/** A running `plugins.pull`: await it for the result, or iterate it for the progress. */
export type PluginPullCall = ProgressCall<PluginTransferResult, PluginPullOutcome<PluginTransferResult>>;

/** A running `plugins.upgrade`: await it for the result, or iterate it for the progress. */
export type PluginUpgradeCall = ProgressCall<PluginTransferResult, PluginUpgradeOutcome<PluginTransferResult>>;

/** A running `plugins.push`: await it for the result, or iterate it for the progress. */
export type PluginPushCall = ProgressCall<PluginTransferResult, PluginPushOutcome<PluginTransferResult>>;

/** Starts `plugins.pull`. */
export function pullPlugin(engine: Engine, remote: string, options: PluginPullOptions): PluginPullCall {
  const { privileges = [], ...rest } = options;
  const { parameters, ...input } = split(rest);
  const name = options.name ?? remote;
  return transfer(engine, "PluginPull", name, {
    ...input,
    parameters: { ...parameters, remote },
    body: privileges,
  });
}

/** Starts `plugins.upgrade`. */
export function upgradePlugin(
  engine: Engine,
  name: string,
  remote: string,
  options: PluginUpgradeOptions,
): PluginUpgradeCall {
  const { privileges = [], ...rest } = options;
  const { parameters, ...input } = split(rest);
  return transfer(engine, "PluginUpgrade", name, {
    ...input,
    path: { name },
    parameters: { ...parameters, remote },
    body: privileges,
  });
}

/** Starts `plugins.push`. */
export function pushPlugin(engine: Engine, name: string, options: PluginPushOptions): PluginPushCall {
  return transfer(engine, "PluginPush", name, { ...split(options), path: { name } });
}

interface Outcomes<V> {
  readonly PluginPull: PluginPullOutcome<V>;
  readonly PluginUpgrade: PluginUpgradeOutcome<V>;
  readonly PluginPush: PluginPushOutcome<V>;
}

function transfer<Id extends keyof Outcomes<unknown>>(
  engine: Engine,
  id: Id,
  name: string,
  input: CallInput,
): ProgressCall<PluginTransferResult, Outcomes<PluginTransferResult>[Id]> {
  const reader = new TransferReader(name);
  const begun = engine.outcome<Outcomes<AsyncIterable<ProgressEvent>>[Id]>(id, input, (response, context) => {
    // A pull says so what the plugin is called here (moby:daemon/server/router/plugin/plugin_routes.go:139).
    reader.name = response.headers["docker-plugin-name"]?.toString() ?? name;
    return decodeProgress(response.chunks(), { status: response.status, context });
  });
  const run = new ProgressRun<PluginTransferResult, Outcomes<PluginTransferResult>[Id]>(begun, reader);
  return new ProgressCall(run, unwrapper(id));
}

class TransferReader implements ProgressReader<PluginTransferResult> {
  name: string;
  #digest: string | undefined;

  constructor(name: string) {
    this.name = name;
  }

  add(event: ProgressEvent): void {
    const pulled = /^Digest: (\S+)$/.exec(event.status ?? "")?.[1];
    this.#digest = readPushed(event).digest ?? pulled ?? this.#digest;
  }

  result(): PluginTransferResult {
    return { name: this.name, digest: this.#digest };
  }
}
