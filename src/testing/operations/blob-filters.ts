import { type FilterTests, hasLabel } from "../state/filters.ts";
import type { Blob } from "../swarm/blobs.ts";

/** How secrets and configs are chosen. */
export const blobFilters: FilterTests<Blob> = {
  id: ({ ID }, value) => ID.startsWith(value),
  name: ({ spec }, value) => spec.Name?.startsWith(value) ?? false,
  names: ({ spec }, value) => spec.Name === value,
  label: ({ spec }, value) => hasLabel(spec.Labels, value),
};
