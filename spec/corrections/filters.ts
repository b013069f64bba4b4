import type { Correction } from "../../scripts/generate/corrections.ts";

function filter(operation: string, keys: string, source = "the keys that the official reference lists"): Correction {
  const because = "The spec names the filters in its prose only.";
  return { fix: "filters", operations: [operation], keys: keys.split(" "), because, source };
}

/** The filters that each operation knows. `label!` excludes. */
export const filters: readonly Correction[] = [
  filter(
    "ContainerList",
    "ancestor before expose exited health id isolation is-task label name network publish since status volume",
  ),
  filter("ContainerPrune", "until label label!"),
  filter("ImageList", "before dangling label label! reference since until"),
  filter("BuildPrune", "until id parent type description inuse shared private"),
  filter("ImageSearch", "is-official stars"),
  filter("ImagePrune", "dangling until label label!"),
  filter(
    "SystemEvents",
    "config container daemon event image label network node plugin scope secret service type volume",
  ),
  filter("VolumeList", "dangling driver label name"),
  filter("VolumePrune", "label label! all"),
  filter("NetworkList", "dangling driver id label name scope type"),
  filter("NetworkPrune", "until label label!"),
  filter(
    "PluginList",
    "capability enabled",
    "observed on Docker 28.5.2: `enable`, as the reference has it, is refused",
  ),
  filter("NodeList", "id label membership name node.label node.label! role"),
  filter("ServiceList", "id label mode name"),
  filter("TaskList", "desired-state id label name node service"),
  filter("SecretList", "id label name names"),
  filter("ConfigList", "id label name names"),
];
