/** Why answers were not seen. What is left out holds for all; the first row that fits counts. */
export interface CoverageHole {
  readonly operations?: readonly string[];
  readonly tags?: readonly string[];
  readonly statuses?: readonly number[];
  /** The columns of the table, e.g. `Docker 20.10` or `Podman`. */
  readonly engines?: RegExp;
  readonly because: string;
}

/** The reasons, the particular ones first. */
export const coverageHoles: readonly CoverageHole[] = [
  {
    operations: ["ImageAttestations"],
    because: "The operation came with API 1.55, which none of these engines speaks.",
  },
  {
    operations: ["VolumeUpdate"],
    engines: /^(Docker 20\.10|Podman)$/,
    because: "The operation came with API 1.42.",
  },
  {
    operations: ["VolumeUpdate"],
    statuses: [200, 400, 404],
    because: "Only volumes of a cluster can be updated, which needs a storage plugin for them.",
  },
  {
    operations: ["CheckpointList", "CheckpointCreate", "CheckpointDelete"],
    because: "It needs an engine with experimental features and CRIU, and containers that can be frozen.",
  },
  {
    tags: ["Swarm", "Node", "Service", "Task", "Config"],
    engines: /^Podman$/,
    because: "Podman has no swarm: it answers everything with 503, or with 404.",
  },
  {
    tags: ["Plugin", "Distribution", "Session"],
    engines: /^Podman$/,
    because: "Podman has no plugins, sessions and queries of registries: it answers everything with 404.",
  },
  {
    operations: ["BuildPrune", "BuildCancel"],
    engines: /^Podman$/,
    because: "Podman has no cache of builds and no cancelling of them: it answers everything with 404.",
  },
  {
    operations: ["ImageSearch"],
    statuses: [200],
    because: "The answer comes from a public index, and the tests use no public network.",
  },
  {
    operations: ["SystemAuth", "ImagePush", "PluginPull", "PluginPush", "PluginUpgrade", "GetPluginPrivileges"],
    statuses: [200, 401],
    because: "It needs a registry that this engine accepts, which the run did not have.",
  },
  {
    operations: ["ImageCreate", "DistributionInspect"],
    statuses: [200, 401, 403],
    because: "It needs a registry that refuses, or one that this engine accepts, which the run did not have.",
  },
  {
    operations: ["SwarmJoin", "NodeDelete", "SwarmUnlock"],
    statuses: [200],
    because: "It needs a swarm of several nodes, or a locked one, which the run did not have.",
  },
  {
    operations: ["ContainerAttachWebsocket"],
    engines: /^Podman$/,
    because: "Podman has no such route: it answers everything with 404.",
  },
  {
    operations: ["ExecResize", "SecretCreate"],
    statuses: [200, 201],
    because: "Docker and Podman succeed with different statuses, and this is the other's.",
  },
  {
    operations: ["SecretUpdate"],
    engines: /^Podman$/,
    because: "Podman's secrets cannot be updated.",
  },
  {
    statuses: [501],
    because: "The engines of the run support it.",
  },
  {
    statuses: [500],
    because: "No request was found that makes this engine fail here, while it works.",
  },
  {
    statuses: [403],
    because: "This engine tells the reason otherwise, or has no reason to forbid it.",
  },
  {
    tags: ["Secret"],
    statuses: [503],
    engines: /^Podman$/,
    because: "Podman's secrets need no swarm.",
  },
  {
    statuses: [400, 404, 409],
    engines: /^Podman$/,
    because: "Podman answers the same mistake with 500 or another status, or does not take it for one.",
  },
  {
    statuses: [400, 401, 404, 409, 503],
    engines: /^Docker/,
    because: "This version answers the same mistake otherwise, or does not take it for one.",
  },
];
