import type { ServiceSpec } from "../generated/models.ts";
import type { CallInput } from "./request.ts";

/**
 * The image, plugin or search term in the registry that an operation makes the engine ask. Undefined if it asks none.
 */
export function referenceOf(id: string, input: CallInput): string | undefined {
  const reference = references[id]?.(input);
  return typeof reference === "string" && reference !== "" ? reference : undefined;
}

const remote = ({ parameters }: CallInput): unknown => parameters?.["remote"];
const name = ({ path }: CallInput): unknown => path?.["name"];

const references: Readonly<Record<string, (input: CallInput) => unknown>> = {
  ImageCreate: ({ parameters }) => parameters?.["fromImage"],
  ImagePush: name,
  ImageSearch: ({ parameters }) => parameters?.["term"],
  DistributionInspect: name,
  GetPluginPrivileges: remote,
  PluginPull: remote,
  PluginUpgrade: remote,
  PluginPush: pluginName,
  ServiceCreate: serviceImage,
  ServiceUpdate: serviceImage,
};

/** What may be an id says nothing of the plugin's registry, and must not get Docker Hub's credentials. */
function pluginName(input: CallInput): unknown {
  const plugin = name(input);
  return typeof plugin === "string" && !/^[0-9a-f]+$/.test(plugin) ? plugin : undefined;
}

function serviceImage({ body }: CallInput): unknown {
  // The body of both operations; what is wrong in it is for the engine to say.
  const { ContainerSpec, PluginSpec } = (body as ServiceSpec).TaskTemplate ?? {};
  return ContainerSpec?.Image ?? PluginSpec?.Remote;
}
