import type { Handlers } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import { chooser } from "../state/filters.ts";

/** There are no plugins, and none can be installed: those operations are answered with 501. */
export const pluginHandlers: Handlers = {
  PluginList: ({ parameters }) => {
    // For its refusals alone.
    chooser(parameters["filters"], { capability: () => true, enabled: () => true });
    return { status: 200, value: [] };
  },
  PluginInspect: ({ path }) => refuse(path),
  PluginEnable: ({ path }) => refuse(path),
  PluginDisable: ({ path }) => refuse(path),
  PluginSet: ({ path }) => refuse(path),
  PluginDelete: ({ path }) => refuse(path),
};

function refuse({ name }: Readonly<Record<string, string>>): never {
  throw new Refusal(404, `plugin "${name}" not found`);
}
