import type { Correction } from "../../scripts/generate/corrections.ts";

const disk = "moby:api/types/system/disk_usage.go:27-30";

const older = "Engines before API 1.52 send it.";

function legacy(
  field: string,
  type: string,
  source = "observed on Docker 20.10.24, 28.5.2 and Podman 4.3.1",
): Correction {
  return { fix: "add-field", field, type, because: older, source };
}

/** Fields of the models whose types are missing or wrong. */
export const fields: readonly Correction[] = [
  {
    fix: "bigint",
    operations: ["SystemEvents"],
    fields: ["EventMessage.timeNano"],
    because: "Nanoseconds since 1970 do not fit a double.",
    source: "observed on Docker 28.5.2: 19 digits",
  },
  {
    fix: "bigint",
    operations: ["ContainerStats"],
    fields: ["ContainerPidsStats.limit"],
    within: "pids_stats",
    because: "2^64 - 1 says that there is no limit.",
    source: "the example of ContainerStats in the official reference",
  },
  {
    fix: "bigint",
    operations: ["NetworkInspect"],
    fields: ["SubnetStatus.IPsInUse", "SubnetStatus.DynamicIPsAvailable"],
    because: "An IPv6 subnet has up to 2^64 addresses, and more count as 2^64 - 1.",
    source: "the description of SubnetStatus in the official reference",
  },
  {
    fix: "retype-field",
    field: "UpdateStatus.State",
    type: '"updating" | "paused" | "completed" | "rollback_started" | "rollback_paused" | "rollback_completed" | (string & {})',
    because: "The states of a rollback are sent too.",
    source: "moby:api/types/swarm/service.go:60",
  },
  {
    fix: "retype-field",
    field: "ImagesDiskUsage.Items",
    type: "ImageSummary[]",
    because: "Only with `verbose`.",
    source: disk,
  },
  {
    fix: "retype-field",
    field: "ContainersDiskUsage.Items",
    type: "ContainerSummary[]",
    because: "Only with `verbose`.",
    source: disk,
  },
  {
    fix: "retype-field",
    field: "VolumesDiskUsage.Items",
    type: "Volume[]",
    because: "Only with `verbose`.",
    source: disk,
  },
  {
    fix: "retype-field",
    field: "BuildCacheDiskUsage.Items",
    type: "BuildCache[]",
    because: "Only with `verbose`.",
    source: disk,
  },
  {
    fix: "retype-field",
    field: "ContainerMemoryStats.stats",
    type: "Record<string, number>",
    because: "Which keys there are depends on the kernel's control groups.",
    source: "observed on Docker 28.5.2",
  },
  {
    fix: "retype-field",
    field: "ServiceMode.Global",
    type: "EmptyObject",
    because: "Its presence chooses the mode.",
    source: "moby:api/types/swarm/service.go",
  },
  {
    fix: "retype-field",
    field: "ServiceMode.GlobalJob",
    type: "EmptyObject",
    because: "Its presence chooses the mode.",
    source: "moby:api/types/swarm/service.go",
  },
  {
    fix: "add-type",
    name: "JobIteration",
    fields: { "Index?": "number" },
    because: "Unlike the index of any other object, that of the first iteration is 0, and left out.",
    source: "observed on Docker 20.10.24 and 28.5.2",
  },
  jobIteration("JobStatus.JobIteration"),
  jobIteration("Task.JobIteration"),
  legacy("SystemDataUsageResponse.LayersSize", "number"),
  legacy("SystemDataUsageResponse.Images", "ImageSummary[] | null"),
  legacy(
    "SystemDataUsageResponse.Containers",
    "{ [K in keyof ContainerSummary]: ContainerSummary[K] | null }[] | null",
  ),
  legacy("SystemDataUsageResponse.Volumes", "Volume[] | null"),
  legacy("SystemDataUsageResponse.BuildCache", "BuildCache[] | null"),
  legacy("NetworkSettings.Bridge", "string"),
  legacy("NetworkSettings.EndpointID", "string"),
  legacy("NetworkSettings.Gateway", "string"),
  legacy("NetworkSettings.IPAddress", "string"),
  legacy("NetworkSettings.IPPrefixLen", "number"),
  legacy("NetworkSettings.IPv6Gateway", "string"),
  legacy("NetworkSettings.GlobalIPv6Address", "string"),
  legacy("NetworkSettings.GlobalIPv6PrefixLen", "number"),
  legacy("NetworkSettings.MacAddress", "string"),
  legacy("EventMessage.status", "string"),
  legacy("EventMessage.id", "string"),
  legacy("EventMessage.from", "string"),
  legacy("ImageInspect.Parent", "string"),
  {
    fix: "add-field",
    field: "NetworkCreateRequest.CheckDuplicate",
    type: "boolean",
    because: "Engines before API 1.44 take a name twice unless it is true.",
    source: "observed on Docker 20.10.24",
  },
  {
    fix: "add-field",
    field: "Service.PreviousSpec",
    type: "ServiceSpec",
    because: "What a rollback goes back to; the spec does not mention it.",
    source: "observed on Docker 20.10.24 and 28.5.2",
  },
  cluster("Secrets", "ClusterVolumeSecret[]"),
  cluster("AccessibilityRequirements", "ClusterVolumeAccessModeAccessibilityRequirements"),
  cluster("CapacityRange", "ClusterVolumeAccessModeCapacityRange"),
  cluster("Availability", '"active" | "pause" | "drain" | (string & {})'),
  credential("auth"),
  credential("identitytoken"),
  credential("registrytoken"),
];

function jobIteration(field: string): Correction {
  return {
    fix: "retype-field",
    field,
    type: "JobIteration",
    because: "The index of the first iteration is 0, and left out.",
    source: "observed on Docker 20.10.24 and 28.5.2",
  };
}

function credential(name: string): Correction {
  return {
    fix: "add-field",
    field: `AuthConfig.${name}`,
    type: "string",
    because: "The engine reads it, though the spec does not say so.",
    source: "moby:api/pkg/authconfig/authconfig.go:28,44",
  };
}

/** The spec has these fields one level too deep, inside of `AccessMode`. */
function cluster(name: string, type: string): Correction {
  return {
    fix: "add-field",
    field: `ClusterVolumeSpec.${name}`,
    type,
    because: "The engine reads it here; the spec has it inside of `AccessMode`.",
    source: "moby:api/types/volume/cluster_volume.go",
  };
}
