/** An operation that no engine of the runs can be made to do. */
export interface NeverSucceeded {
  readonly operation: string;
  readonly because: string;
}

/** The only operations that may have no success. It is wrong to name one that has. */
export const neverSucceeded: readonly NeverSucceeded[] = [
  {
    operation: "ImageAttestations",
    because:
      "The operation came with API 1.55. The newest engine that Debian has, in any suite, is Docker 28.5, which speaks 1.51.",
  },
];

/** Why answers were not seen. What is left out holds for all; the first row that fits counts. */
export interface CoverageHole {
  readonly operations?: readonly string[];
  readonly tags?: readonly string[];
  readonly statuses?: readonly number[];
  /** The columns of the table, e.g. `Docker 20.10` or `Podman`. */
  readonly engines?: RegExp;
  /** The answer comes when requests meet by chance: it never counts as seen, so that all runs tell the same. */
  readonly chance?: true;
  readonly because: string;
}

/** The reasons, the particular ones first. */
export const coverageHoles: readonly CoverageHole[] = [
  {
    operations: ["ImageDelete"],
    statuses: [500],
    engines: /^Docker 20/,
    chance: true,
    because: "It comes in some runs only, when requests meet by chance.",
  },
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
    operations: ["CheckpointList", "CheckpointCreate", "CheckpointDelete"],
    engines: /^Podman$/,
    because: "Podman has no such route: it answers everything with 404.",
  },
  {
    operations: ["CheckpointList", "CheckpointCreate", "CheckpointDelete"],
    engines: /^Docker 20/,
    because: "The run has no such engine with experimental features and CRIU.",
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
    engines: /^Podman$/,
    because: "Podman speaks only TLS to an index, and the tests' own has none.",
  },
  {
    tags: ["Plugin"],
    engines: /^embedded$/,
    because: "The embedded engine has no plugins but an empty list of them: to the rest it answers 501.",
  },
  {
    operations: ["VolumeUpdate"],
    engines: /^embedded$/,
    because: "The embedded engine has no volumes of a swarm: it answers 501 to making one.",
  },
  {
    operations: ["CheckpointList", "CheckpointCreate", "CheckpointDelete"],
    engines: /^embedded$/,
    because: "The embedded engine has no experimental features, and says so as dockerd does without them.",
  },
  {
    operations: ["ImageSearch"],
    statuses: [200],
    engines: /^embedded$/,
    because: "Its registries lie within it, where the tests that all engines share cannot put an index.",
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
    engines: /^(Docker|embedded)/,
    because: "This version answers the same mistake otherwise, or does not take it for one.",
  },
];
