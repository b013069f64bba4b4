import type { Config, ConfigSpec } from "../../generated/models.ts";
import type { Handlers } from "../http/handler.ts";
import { chooser } from "../state/filters.ts";
import type { Blob } from "../swarm/blobs.ts";
import { headOf } from "../swarm/ledger.ts";
import { blobFilters } from "./blob-filters.ts";
import { versionOf } from "./version-of.ts";

export const configHandlers: Handlers = {
  ConfigList: ({ parameters }, { swarm }) => {
    const { configs } = swarm.cluster;
    return { status: 200, value: configs.all().filter(chooser(parameters["filters"], blobFilters)).map(describe) };
  },
  ConfigInspect: ({ path }, { swarm }) => ({
    status: 200,
    value: describe(swarm.cluster.configs.find(path["id"] ?? "")),
  }),
  ConfigCreate: async ({ json }, { swarm }) => {
    const { configs } = swarm.cluster;
    const spec: ConfigSpec = await json();
    return { status: 201, value: { ID: configs.create(spec).ID } };
  },
  ConfigUpdate: async (request, { swarm }) => {
    const version = versionOf(request, "config");
    const spec: ConfigSpec = await request.json();
    const { configs } = swarm.cluster;
    configs.update(configs.find(request.path["id"] ?? ""), spec, version);
    return { status: 200, value: undefined };
  },
  ConfigDelete: ({ path }, { swarm }) => {
    const { configs } = swarm.cluster;
    configs.delete(configs.find(path["id"] ?? ""));
    return { status: 204, value: undefined };
  },
};

function describe(blob: Blob): Config {
  return { ...headOf(blob), Spec: blob.spec };
}
