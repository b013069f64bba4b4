import type { Correction } from "../../scripts/generate/corrections.ts";

const disk = "moby:api/types/system/disk_usage.go:27-30";

/** Fields of the models whose types are missing or wrong. */
export const fields: readonly Correction[] = [
  {
    fix: "bigint",
    operations: ["SystemEvents"],
    fields: ["EventMessage.timeNano"],
    because: "Nanoseconds since 1970 do not fit a double.",
    source: "moby:api/types/events/events.go",
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
];
