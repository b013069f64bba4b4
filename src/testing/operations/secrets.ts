import type { Secret, SecretSpec } from "../../generated/models.ts";
import type { Handlers } from "../http/handler.ts";
import { chooser } from "../state/filters.ts";
import type { Blob } from "../swarm/blobs.ts";
import { headOf } from "../swarm/ledger.ts";
import { blobFilters } from "./blob-filters.ts";
import { versionOf } from "./version-of.ts";

export const secretHandlers: Handlers = {
  SecretList: ({ parameters }, { swarm }) => {
    const { secrets } = swarm.cluster;
    return { status: 200, value: secrets.all().filter(chooser(parameters["filters"], blobFilters)).map(describe) };
  },
  SecretInspect: ({ path }, { swarm }) => ({
    status: 200,
    value: describe(swarm.cluster.secrets.find(path["id"] ?? "")),
  }),
  SecretCreate: async ({ json }, { swarm }) => {
    const { secrets } = swarm.cluster;
    const spec: SecretSpec = await json();
    return { status: 201, value: { ID: secrets.create(spec).ID } };
  },
  SecretUpdate: async (request, { swarm }) => {
    const version = versionOf(request, "secret");
    const spec: SecretSpec = await request.json();
    const { secrets } = swarm.cluster;
    secrets.update(secrets.find(request.path["id"] ?? ""), spec, version);
    return { status: 200, value: undefined };
  },
  SecretDelete: ({ path }, { swarm }) => {
    const { secrets } = swarm.cluster;
    secrets.delete(secrets.find(path["id"] ?? ""));
    return { status: 204, value: undefined };
  },
};

/** The content of a secret is told to nobody but the tasks. */
function describe(blob: Blob): Secret {
  const { Data: _, ...Spec } = blob.spec;
  return { ...headOf(blob), Spec };
}
