import type { CallOptions } from "../engine/call-options.ts";
import type { ContainerConfig } from "../generated/models.ts";
import type { ImageCommitParameters } from "../generated/parameters.ts";

/** Options of `containers.commit`. */
export interface CommitOptions extends CallOptions, Omit<ImageCommitParameters, "container"> {
  /** What the image's configuration has instead of the container's. */
  readonly config?: ContainerConfig | undefined;
}
