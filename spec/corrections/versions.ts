import type { Correction } from "../../scripts/generate/corrections.ts";

/** First versions that the spec documents too late, or that are no gates. */
export const versions: readonly Correction[] = [
  {
    fix: "since",
    operations: ["NetworkCreate"],
    names: ["Scope", "ConfigOnly", "ConfigFrom"],
    since: "1.40",
    because: "Engines have read them since API 1.30; the spec named them later.",
    source: "the version history of API 1.30",
  },
  {
    fix: "since",
    operations: ["NetworkCreate"],
    names: [
      "IPAM.Config.*.Subnet",
      "IPAM.Config.*.IPRange",
      "IPAM.Config.*.Gateway",
      "IPAM.Config.*.AuxiliaryAddresses",
    ],
    since: "1.40",
    because: "The spec of API 1.40 writes the same fields as a free map.",
    source: "v1.40.yaml",
  },
  {
    fix: "since",
    operations: ["ContainerCreate"],
    names: ["NetworkingConfig.EndpointsConfig.*.DNSNames"],
    since: "1.40",
    because: "The engine writes it and never reads it.",
    source: "the version history of API 1.44",
  },
  {
    fix: "since",
    operations: ["NetworkConnect"],
    names: ["EndpointConfig.DNSNames"],
    since: "1.40",
    because: "The engine writes it and never reads it.",
    source: "the version history of API 1.44",
  },
  {
    fix: "since",
    operations: ["ContainerAttachWebsocket"],
    names: ["stdin", "stdout", "stderr"],
    since: "1.40",
    because: "Engines before API 1.42 attach all three whatever is asked.",
    source: "moby:daemon/server/router/container/container_routes.go:1190-1240",
  },
  {
    fix: "since",
    operations: ["NetworkCreate"],
    names: ["EnableIPv4"],
    since: "1.48",
    because: "The spec of API 1.47 names it, but engines of that version ignore it.",
    source: "the version history of API 1.48",
  },
];
